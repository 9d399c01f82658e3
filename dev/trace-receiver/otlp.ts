/** Takes spans over OTLP/gRPC and turns each into plain data. */
import { join } from 'node:path';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export type AttributeValue = string | number | boolean | readonly AttributeValue[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface ReceivedSpan {
  readonly service: string;
  readonly scope: string;
  /** A trace id has 32 hex digits, a span id 16. */
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for a span without a parent. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Microseconds since 1970, as Jaeger counts. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly attributes: Attributes;
  readonly events: readonly {
    readonly name: string;
    readonly timeUs: number;
    readonly attributes: Attributes;
  }[];
  /** The spans of other traces, or of the same one, that this one has to do with. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly statusMessage: string;
  readonly resource: Attributes;
}

const SERVICE = 'opentelemetry.proto.collector.trace.v1.TraceService';

const definition = loadSync(join(import.meta.dirname, 'trace_service.proto'), {
  enums: String,
  longs: String,
  defaults: true,
  oneofs: true,
});

/** @returns the port it listens on, and how to stop */
export async function listenForOtlp(
  { host, port }: { readonly host: string; readonly port: number },
  onSpans: (spans: readonly ReceivedSpan[]) => void,
): Promise<{ readonly port: number; readonly close: () => void }> {
  // A batch of 512 spans with long statements is larger than the default of 4 MB allows.
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
  const exportSpans: handleUnaryCall<WireRequest, object> = (call, callback) => {
    onSpans(call.request.resourceSpans.flatMap(toSpans));
    callback(null, {});
  };
  // Loading the definition checks it: an unknown service name would throw here.
  loadPackageDefinition(definition);
  server.addService(definition[SERVICE] as ServiceDefinition, { Export: exportSpans });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(authority(host, port), ServerCredentials.createInsecure(), (error, actual) => {
      if (error) reject(error);
      else resolve(actual);
    });
  });
  return { port: bound, close: () => server.forceShutdown() };
}

/** As a URL has it: an IPv6 address stands in brackets. */
export function authority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

interface WireValue {
  readonly value?: string;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly WireValue[] };
  readonly bytesValue?: Buffer;
}
type WireAttributes = readonly { readonly key: string; readonly value: WireValue | null }[];
interface WireSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly name: string;
  readonly kind: ReceivedSpan['kind'];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: WireAttributes;
  readonly events: readonly {
    readonly timeUnixNano: string;
    readonly name: string;
    readonly attributes: WireAttributes;
  }[];
  readonly links: readonly { readonly traceId: Buffer; readonly spanId: Buffer }[];
  readonly status: { readonly code: ReceivedSpan['status']; readonly message: string } | null;
}
interface WireResourceSpans {
  readonly resource: { readonly attributes: WireAttributes } | null;
  readonly scopeSpans: readonly {
    readonly scope: { readonly name: string } | null;
    readonly spans: readonly WireSpan[];
  }[];
}
interface WireRequest {
  readonly resourceSpans: readonly WireResourceSpans[];
}

function toSpans({ resource, scopeSpans }: WireResourceSpans): ReceivedSpan[] {
  const common = toAttributes(resource?.attributes ?? []);
  const service = String(common['service.name'] ?? 'unknown_service');
  return scopeSpans.flatMap(({ scope, spans }) =>
    spans.map((span) => ({
      service,
      scope: scope?.name ?? '',
      traceId: span.traceId.toString('hex'),
      spanId: span.spanId.toString('hex'),
      parentSpanId: span.parentSpanId.length > 0 ? span.parentSpanId.toString('hex') : undefined,
      name: span.name,
      kind: span.kind,
      startUs: toUs(span.startTimeUnixNano),
      durationUs: toUs(span.endTimeUnixNano) - toUs(span.startTimeUnixNano),
      attributes: toAttributes(span.attributes),
      events: span.events.map((event) => ({
        name: event.name,
        timeUs: toUs(event.timeUnixNano),
        attributes: toAttributes(event.attributes),
      })),
      links: span.links.map(({ traceId, spanId }) => ({
        traceId: traceId.toString('hex'),
        spanId: spanId.toString('hex'),
      })),
      status: span.status?.code ?? 'UNSET',
      statusMessage: span.status?.message ?? '',
      resource: common,
    })),
  );
}

function toUs(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000n);
}

function toAttributes(attributes: WireAttributes): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, toValue(value ?? {})]));
}

function toValue(value: WireValue): AttributeValue {
  switch (value.value) {
    case 'stringValue':
      return value.stringValue ?? '';
    case 'boolValue':
      return value.boolValue ?? false;
    case 'intValue':
      return Number(value.intValue);
    case 'doubleValue':
      return value.doubleValue ?? 0;
    case 'arrayValue':
      return (value.arrayValue?.values ?? []).map(toValue);
    case 'bytesValue':
      return value.bytesValue?.toString('base64') ?? '';
    default:
      return '';
  }
}
