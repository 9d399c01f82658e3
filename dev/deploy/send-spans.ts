/** Sends made-up traces of Aura's shape over OTLP/gRPC. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MethodDefinition } from '@grpc/grpc-js';
import { Client, credentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

type Value = string | number;

export interface MadeTrace {
  readonly traceId: string;
  readonly durationMs?: number;
  readonly isError?: boolean;
  /** Of core's span of the negotiation. */
  readonly attributes?: Readonly<Record<string, Value>>;
  /** The message of an exception that core's span notes. */
  readonly exception?: string;
}

const TRACE_SERVICE = 'opentelemetry.proto.collector.trace.v1.TraceService';

/** The same id for the same words, in each run: 32 hex digits. */
export function traceIdOf(words: string): string {
  return createHash('sha256').update(words).digest('hex').slice(0, 32);
}

const attribute = (key: string, value: Value): object => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
});

function resourceSpans(service: string, spans: readonly object[]): object {
  const resource = { attributes: [attribute('service.name', service)] };
  return { resource, scopeSpans: [{ scope: { name: service }, spans }] };
}

/** The gateway's span of a request, which is well whatever core's is. */
function rootSpan({ traceId, durationMs = 20 }: MadeTrace, end: bigint): object {
  return {
    traceId: Buffer.from(traceId, 'hex'),
    spanId: Buffer.from(traceId.slice(0, 16), 'hex'),
    name: 'POST /v1/negotiate',
    kind: 'server',
    startTimeUnixNano: String(end - BigInt(durationMs) * 1_000_000n),
    endTimeUnixNano: String(end),
  };
}

function coreSpan(trace: MadeTrace, end: bigint): object {
  const { traceId, isError, attributes = {}, exception } = trace;
  const message = exception === undefined ? [] : [attribute('exception.message', exception)];
  return {
    traceId: Buffer.from(traceId, 'hex'),
    spanId: Buffer.from(traceId.slice(16), 'hex'),
    parentSpanId: Buffer.from(traceId.slice(0, 16), 'hex'),
    name: 'negotiation.negotiate',
    kind: 'internal',
    startTimeUnixNano: String(end - 5_000_000n),
    endTimeUnixNano: String(end),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    events: message.length > 0 ? [{ name: 'exception', attributes: message }] : [],
    status: isError ? { code: 'ERROR' } : {},
  };
}

/** Sends the spans of each service in batches of their own, as the services do. */
export async function sendTraces(port: number, traces: readonly MadeTrace[]): Promise<void> {
  const path = join(import.meta.dirname, '../trace-receiver/trace_service.proto');
  const definition = loadSync(path, { enums: String, longs: String });
  const service = definition[TRACE_SERVICE] as unknown as {
    readonly Export: MethodDefinition<object, object>;
  };
  const { path: method, requestSerialize, responseDeserialize } = service.Export;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const send = (request: object): Promise<void> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(method, requestSerialize, responseDeserialize, request, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  // All end at the same moment, however long it takes to send them: a trace is as long as it says.
  const end = BigInt(Date.now()) * 1_000_000n;
  const core = traces.map((each) => coreSpan(each, end));
  const gateway = traces.map((each) => rootSpan(each, end));
  try {
    await send({ resourceSpans: [resourceSpans('aura-core', core)] });
    await send({ resourceSpans: [resourceSpans('aura-gateway', gateway)] });
  } finally {
    client.close();
  }
}
