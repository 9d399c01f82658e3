/** TRACE_INSTRUMENTATION=stock: the instrumentations of OpenTelemetry make the spans. */
import { describeRpc, isClientError, statusWord } from '@aura/proto/rpc-span.ts';
import type { Context } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { FastifyInstrumentation } from '@opentelemetry/instrumentation-fastify';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { isProbe } from './probes.ts';
import { redactSecrets } from '../redact.ts';

const HTTP = '@opentelemetry/instrumentation-http';
const FASTIFY = '@opentelemetry/instrumentation-fastify';
const GRPC = '@opentelemetry/instrumentation-grpc';

/** Patches what is traced; nothing of it may have been loaded before. */
export function stockInstrumentations() {
  // Without a loader hook ES modules are not patched, and the trace falls in two without an error.
  register({ include: ['fastify', '@grpc/grpc-js', 'http', 'https', 'node:http', 'node:https'] });
  return [
    new HttpInstrumentation({
      disableOutgoingRequestInstrumentation: true,
      ignoreIncomingRequestHook: ({ url }) => isProbe(url),
    }),
    new FastifyInstrumentation(),
    new GrpcInstrumentation({
      ignoreGrpcMethods: ['Check', 'Watch', 'List', 'GetTelemetryStatus'],
    }),
  ];
}

/** Wraps a processor so that it gets the spans in the terms of the semantic conventions. */
export function shapeSpans(inner: SpanProcessor): SpanProcessor {
  const handlers = new Handlers();
  return {
    onStart: (span, parent) => {
      if (isHandler(span)) return handlers.enter(span, parent);
      handlers.adopt(span);
      inner.onStart(span, parent);
    },
    onEnding: (span) => {
      const { name } = span.instrumentationScope;
      if (name === HTTP) redactTexts(span);
      if (name === FASTIFY) handlers.leave(span);
      if (name === GRPC && span.kind === SpanKind.CLIENT) shapeCall(span);
    },
    onEnd: (span) => {
      if (!isHandler(span)) inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}

const isHandler = (span: Pick<Span, 'instrumentationScope'>): boolean =>
  span.instrumentationScope.name === FASTIFY;

/**
 * The spans of Fastify's handlers, which are not exported: they are as long as their request, but for a
 * millisecond, and say nothing else. What begins below one goes to its parent, and so does what is noted
 * on it.
 */
class Handlers {
  readonly #open = new Map<string, Span>();

  enter(span: Span, parent: Context): void {
    const request = trace.getSpan(parent);
    if (request) this.#open.set(span.spanContext().spanId, request as Span);
  }

  /** Puts a span that began below a handler below the handler's request. */
  adopt(span: Span): void {
    const parent = span.parentSpanContext && this.#open.get(span.parentSpanContext.spanId);
    if (parent) Reflect.set(span, 'parentSpanContext', parent.spanContext());
  }

  leave(span: Span): void {
    const { spanId } = span.spanContext();
    const own = Object.entries(span.attributes).filter(([key]) => key.startsWith('aura.'));
    this.#open.get(spanId)?.setAttributes(Object.fromEntries(own));
    this.#open.delete(spanId);
  }
}

/** What a caller wrote is redacted. */
function redactTexts(span: Span): void {
  for (const key of ['url.path', 'url.query', 'user_agent.original']) {
    const text = span.attributes[key];
    if (typeof text === 'string') span.setAttribute(key, redactSecrets(text));
  }
}

function shapeCall(span: Span): void {
  const { attributes: before } = span;
  const status = statusWord(Number(before['rpc.grpc.status_code'] ?? 2));
  const { name, attributes } = describeRpc(
    `/${String(before['rpc.service'])}/${String(before['rpc.method'])}`,
  );
  const details = before['grpc.error_message'];
  for (const each of OLD_NAMES) Reflect.deleteProperty(before, each);
  span.updateName(name);
  span.setAttributes({ ...attributes, 'rpc.status_code': status });
  if (isClientError(status)) {
    // grpc-js puts the number and the word of the status before what was said.
    const message = (typeof details === 'string' ? details : '').replace(/^\d+ [A-Z_]+: /, '');
    span.setAttribute('error.type', status);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  } else Reflect.set(span, 'status', { code: SpanStatusCode.UNSET });
}

/** Attributes that the conventions had before RPC was stable, and some that they never had. */
const OLD_NAMES = [
  'rpc.system',
  'rpc.service',
  'rpc.grpc.status_code',
  'grpc.error_name',
  'grpc.error_message',
];
