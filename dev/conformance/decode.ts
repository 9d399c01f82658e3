/** Makes plain data of OTLP's messages. */
import type { LogSeen, MetricSeen, SpanSeen, Typed, TypedAttributes } from './signals.ts';

interface WireValue {
  readonly value?: string;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly WireValue[] };
}
type WireAttributes = readonly { readonly key: string; readonly value: WireValue | null }[];
interface WireResource {
  readonly resource: { readonly attributes: WireAttributes } | null;
}
interface WireSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly name: string;
  readonly kind: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: WireAttributes;
  readonly events: readonly { readonly name: string; readonly attributes: WireAttributes }[];
  readonly status: { readonly code: number } | null;
}
interface WirePoints {
  readonly dataPoints: readonly {
    readonly attributes: WireAttributes;
    readonly explicitBounds?: readonly number[];
  }[];
  readonly isMonotonic?: boolean;
}
interface WireMetric {
  readonly name: string;
  readonly unit: string;
  readonly data: 'gauge' | 'sum' | 'histogram';
  readonly gauge?: WirePoints;
  readonly sum?: WirePoints;
  readonly histogram?: WirePoints;
}
interface Scoped {
  readonly scope: { readonly name: string } | null;
}
export interface WireTraces {
  readonly resourceSpans: readonly (WireResource & {
    readonly scopeSpans: readonly (Scoped & { readonly spans: readonly WireSpan[] })[];
  })[];
}
export interface WireMetrics {
  readonly resourceMetrics: readonly (WireResource & {
    readonly scopeMetrics: readonly (Scoped & { readonly metrics: readonly WireMetric[] })[];
  })[];
}
export interface WireLogs {
  readonly resourceLogs: readonly (WireResource & {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly severityNumber: number;
        readonly severityText: string;
        readonly eventName: string;
      }[];
    }[];
  })[];
}

export function toSpans({ resourceSpans }: WireTraces): SpanSeen[] {
  return resourceSpans.flatMap((sent) => {
    const sender = senderOf(sent);
    return sent.scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        ...sender,
        scope: scope?.name ?? '',
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentSpanId: span.parentSpanId.length > 0 ? span.parentSpanId.toString('hex') : undefined,
        name: span.name,
        kind: span.kind,
        durationMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
        isError: span.status?.code === 2,
        attributes: toAttributes(span.attributes),
        events: span.events.map(({ name, attributes }) => ({
          name,
          attributes: toAttributes(attributes),
        })),
      })),
    );
  });
}

export function toMetrics({ resourceMetrics }: WireMetrics): MetricSeen[] {
  return resourceMetrics.flatMap((sent) => {
    const sender = senderOf(sent);
    return sent.scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.map((metric) => ({
        ...sender,
        scope: scope?.name ?? '',
        name: metric.name,
        unit: metric.unit,
        instrument: instrumentOf(metric),
        points: (metric[metric.data]?.dataPoints ?? []).map(({ attributes, explicitBounds }) => ({
          attributes: toAttributes(attributes),
          bounds: explicitBounds ?? [],
        })),
      })),
    );
  });
}

export function toLogs({ resourceLogs }: WireLogs): LogSeen[] {
  return resourceLogs.flatMap((sent) => {
    const sender = senderOf(sent);
    return sent.scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ severityNumber, severityText, eventName }) => ({
        ...sender,
        severityNumber,
        severityText,
        eventName,
      })),
    );
  });
}

function instrumentOf({ data, sum }: WireMetric): MetricSeen['instrument'] {
  if (data !== 'sum') return data;
  return sum?.isMonotonic ? 'counter' : 'updowncounter';
}

function senderOf({ resource }: WireResource): { service: string; resource: TypedAttributes } {
  const attributes = toAttributes(resource?.attributes ?? []);
  const service = attributes['service.name']?.value;
  return { service: typeof service === 'string' ? service : '', resource: attributes };
}

function toAttributes(attributes: WireAttributes): TypedAttributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, toTyped(value ?? {})]));
}

function toTyped(value: WireValue): Typed {
  switch (value.value) {
    case 'stringValue':
      return { type: 'string', value: value.stringValue };
    case 'boolValue':
      return { type: 'boolean', value: value.boolValue };
    case 'intValue':
      return { type: 'int', value: Number(value.intValue) };
    case 'doubleValue':
      return { type: 'double', value: value.doubleValue };
    case 'arrayValue': {
      const each = (value.arrayValue?.values ?? []).map(toTyped);
      return { type: `${each[0]?.type ?? 'any'}[]`, value: each.map((one) => one.value) };
    }
    default:
      return { type: (value.value ?? 'empty').replace('Value', ''), value: undefined };
  }
}
