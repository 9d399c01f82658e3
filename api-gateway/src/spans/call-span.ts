/** The CLIENT span of each call to core. */
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { areLightSpansOn } from './light-spans.ts';

const tracer = trace.getTracer('aura.gateway.grpc');

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
    const [service = '', method = ''] = path.slice(1).split('/');
    const rpc = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
    const learnt = { name: `grpc.${service}/${method}`, attributes: { ...rpc, ...this.#server } };
    this.#methods.set(path, learnt);
    return learnt;
  }
}

/** Ends the span of a call by what came of it. */
export function endCallSpan(span: Span, error: (Error & { readonly code: number }) | null): void {
  span.setAttribute('rpc.grpc.status_code', error?.code ?? 0);
  if (error) {
    span.setAttributes({
      'grpc.error_name': error.name,
      'grpc.error_message': error.message,
      'error.type': GRPC_STATUS_WORDS[error.code] ?? 'UNKNOWN',
    });
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
