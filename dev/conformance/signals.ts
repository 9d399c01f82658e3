/** Telemetry as it came over the wire, with the types of its values, which the conventions have a say in. */

/** A value of OTLP: `string`, `int`, `double`, `boolean`, `bytes`, `kvlist`, or one of these with `[]`. */
export interface Typed {
  readonly type: string;
  readonly value: unknown;
}
export type TypedAttributes = Readonly<Record<string, Typed>>;

interface Sent {
  readonly service: string;
  readonly resource: TypedAttributes;
}
export interface SpanSeen extends Sent {
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: string;
  readonly durationMs: number;
  readonly isError: boolean;
  readonly attributes: TypedAttributes;
  readonly events: readonly { readonly name: string; readonly attributes: TypedAttributes }[];
}
export interface MetricSeen extends Sent {
  readonly scope: string;
  readonly name: string;
  readonly unit: string;
  readonly instrument: 'counter' | 'updowncounter' | 'gauge' | 'histogram';
  readonly points: readonly {
    readonly attributes: TypedAttributes;
    /** The upper bounds of a histogram's buckets. */
    readonly bounds: readonly number[];
  }[];
}
export interface LogSeen extends Sent {
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
}

export interface Signals {
  readonly spans: readonly SpanSeen[];
  readonly metrics: readonly MetricSeen[];
  readonly logs: readonly LogSeen[];
}
