/** The CLIENT span of each call to core. */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import { describeRpc, isClientError, statusWord } from '@aura/proto/rpc-span.ts';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { areLightSpansOn } from './light-spans.ts';

const tracer = trace.getTracerProvider().getTracer('aura.gateway.grpc', TELEMETRY_VERSION, SCHEMA);

/** The part of gRPC's metadata that is written here. */
interface Metadata {
  set(key: string, value: string): void;
}

const setter = {
  set: (metadata: Metadata, key: string, value: string): void => metadata.set(key, value),
};

interface Method {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Makes the spans of the calls that go to one target. */
export class CallSpans {
  readonly #server: Attributes;
  readonly #methods = new Map<string, Method>();

  /** @param target as the channel knows it, such as `127.0.0.1:50051` or `dns:///core:50051` */
  constructor(target: string) {
    const { name, port } = /(?<name>[\w+.-]+):(?<port>\d+)$/.exec(target)?.groups ?? {};
    this.#server = name ? { 'server.address': name, 'server.port': Number(port) } : {};
  }

  /**
   * Starts the span of a call and puts it, with the baggage, into the call's metadata.
   *
   * @param path the method's, such as `/aura.negotiation.v1.NegotiationService/Search`
   * @returns undefined where our own code makes no spans
   */
  start(path: string, parent: Context, metadata: Metadata): Span | undefined {
    if (!areLightSpansOn()) return undefined;
    const { name, attributes } = this.#methods.get(path) ?? this.#learn(path);
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
    propagation.inject(trace.setSpan(parent, span), metadata, setter);
    return span;
  }

  #learn(path: string): Method {
    const { name, attributes } = describeRpc(path);
    const learnt = { name, attributes: { ...attributes, ...this.#server } };
    this.#methods.set(path, learnt);
    return learnt;
  }
}

/** Ends the span of a call by what came of it. */
export function endCallSpan(
  span: Span,
  error: (Error & { readonly code: number; readonly details: string }) | null,
): void {
  const status = error ? statusWord(error.code) : 'OK';
  span.setAttribute('rpc.status_code', status);
  if (error && isClientError(status)) {
    span.setAttribute('error.type', status);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.details });
  }
  span.end();
}
