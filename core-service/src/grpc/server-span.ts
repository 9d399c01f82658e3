/** The SERVER span of each call. */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import { errorMonitor } from 'node:events';
import type { RpcSpan } from '@aura/proto/rpc-span.ts';
import { describeRpc, isServerError, statusWord } from '@aura/proto/rpc-span.ts';
import type { Span } from '@opentelemetry/api';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { addBaggage } from '../telemetry/baggage.ts';
import { LIGHT_ROOT } from '../telemetry/light-context.ts';
import { areLightSpansOn } from '../telemetry/light-spans.ts';

const tracer = trace.getTracerProvider().getTracer('aura.core.grpc', TELEMETRY_VERSION, SCHEMA);

const getter = {
  get: (metadata: Metadata, key: string): string | undefined => metadata.get(key)[0]?.toString(),
  keys: (metadata: Metadata): string[] => Object.keys(metadata.getMap()),
};

const methods = new Map<string, RpcSpan>();

type Answer = (error: ServiceError | null, ...rest: unknown[]) => void;
/** A call as its handler gets it; one that streams is told of its end, and of its failure, itself. */
interface ServerCall {
  readonly metadata: Metadata;
  getPath(): string;
  once(event: 'finish' | typeof errorMonitor, listener: (error: ServiceError) => void): unknown;
}
type Handler = (call: ServerCall, answer?: Answer) => unknown;

/** Makes each handler of a service run in the span of its call, which is a child of the caller's. */
export function traceService<Handlers extends object>(handlers: Handlers): Handlers {
  if (!areLightSpansOn()) return handlers;
  const traced = Object.entries(handlers).map(([name, handler]) => [name, inSpan(handler)]);
  return Object.fromEntries(traced) as Handlers;
}

function inSpan(handler: Handler): Handler {
  return (call, answer) => {
    const parent = propagation.extract(LIGHT_ROOT, call.metadata, getter);
    const { name, attributes } = methodAt(call.getPath());
    const options = { kind: SpanKind.SERVER, attributes: addBaggage({ ...attributes }, parent) };
    const span = tracer.startSpan(name, options, parent);
    context.with(trace.setSpan(parent, span), () => {
      if (answer === undefined) {
        endWith(call, span);
        handler(call);
        return;
      }
      handler(call, (error, ...rest) => {
        endSpan(span, error);
        answer(error, ...rest);
      });
    });
  };
}

/** Ends the span of a call that streams. */
function endWith(call: ServerCall, span: Span): void {
  let hasEnded = false;
  const end = (error: ServiceError | null): void => {
    if (!hasEnded) endSpan(span, error);
    hasEnded = true;
  };
  call.once('finish', () => end(null));
  call.once(errorMonitor, end);
}

/** Ends the span of a call by what is answered; the caller's own fault is no error of it. */
function endSpan(span: Span, error: ServiceError | null): void {
  const status = error ? statusWord(error.code) : 'OK';
  span.setAttribute('rpc.status_code', status);
  if (error && isServerError(status)) {
    span.setAttribute('error.type', status);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  }
  span.end();
}

/** @param path such as `/aura.negotiation.v1.NegotiationService/Search` */
function methodAt(path: string): RpcSpan {
  let known = methods.get(path);
  if (known === undefined) methods.set(path, (known = describeRpc(path)));
  return known;
}
