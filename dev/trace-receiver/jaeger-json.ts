/** Writes traces in the JSON of Jaeger's query API, as Jaeger's UI and our checks read it. */
import type { AttributeValue, Attributes, ReceivedSpan } from './otlp.ts';

interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64';
  readonly value: string | number | boolean;
}

export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly {
    readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
    readonly traceID: string;
    readonly spanID: string;
  }[];
  /** Microseconds. */
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[];
  readonly processID: string;
}

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<
    Record<string, { readonly serviceName: string; readonly tags: readonly JaegerTag[] }>
  >;
}

export function toJaegerTrace(traceId: string, spans: readonly ReceivedSpan[]): JaegerTrace {
  const services = [...new Set(spans.map((span) => span.service))];
  const processId = (service: string): string => `p${services.indexOf(service) + 1}`;
  return {
    traceID: traceId,
    spans: spans.map((span) => toJaegerSpan(span, processId(span.service))),
    processes: Object.fromEntries(
      services.map((serviceName) => {
        const resource = spans.find((span) => span.service === serviceName)?.resource ?? {};
        const { 'service.name': _name, ...others } = resource;
        return [processId(serviceName), { serviceName, tags: toTags(others) }];
      }),
    ),
  };
}

function toJaegerSpan(span: ReceivedSpan, processID: string): JaegerSpan {
  const { traceId: traceID, parentSpanId } = span;
  const extra: Attributes = {
    'span.kind': span.kind,
    'otel.scope.name': span.scope,
    ...(span.status !== 'UNSET' && { 'otel.status_code': span.status }),
    ...(span.status === 'ERROR' && { error: true }),
    ...(span.statusMessage && { 'otel.status_description': span.statusMessage }),
  };
  return {
    traceID,
    spanID: span.spanId,
    operationName: span.name,
    references: [
      ...(parentSpanId ? [{ refType: 'CHILD_OF' as const, traceID, spanID: parentSpanId }] : []),
      ...span.links.map(({ traceId, spanId }) => ({
        refType: 'FOLLOWS_FROM' as const,
        traceID: traceId,
        spanID: spanId,
      })),
    ],
    startTime: span.startUs,
    duration: span.durationUs,
    tags: toTags({ ...span.attributes, ...extra }),
    logs: span.events.map((event) => ({
      timestamp: event.timeUs,
      fields: toTags({ event: event.name, ...event.attributes }),
    })),
    processID,
  };
}

function toTags(attributes: Attributes): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]) => toTag(key, value));
}

function toTag(key: string, value: AttributeValue): JaegerTag {
  if (typeof value === 'string') return { key, type: 'string', value };
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  if (typeof value === 'number') {
    return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value };
  }
  // Jaeger has no lists either, and writes them as JSON.
  return { key, type: 'string', value: JSON.stringify(value) };
}
