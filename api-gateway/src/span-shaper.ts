import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { redactSecrets } from './redact.ts';

const HTTP = '@opentelemetry/instrumentation-http';
const FASTIFY = '@opentelemetry/instrumentation-fastify';
const GRPC = '@opentelemetry/instrumentation-grpc';
/** By code. Not taken from grpc-js, which must not be loaded before the hook is in place. */
export const GRPC_STATUS =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  );

/**
 * Hands on to `inner` what is worth keeping, in the terms of the semantic conventions. The Fastify
 * instrumentation makes a span of every hook; they say nothing and have no children.
 */
export function shapeSpans(inner: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, context) => inner.onStart(span, context),
    onEnding: (span) => {
      const { name } = span.instrumentationScope;
      if (name === HTTP) redactUrl(span);
      // It would name the plugins that happen to be registered.
      if (name === FASTIFY) span.updateName('request handler - fastify');
      if (name === GRPC && span.kind === SpanKind.CLIENT) nameError(span);
    },
    onEnd: (span) => {
      if (
        span.instrumentationScope.name !== FASTIFY ||
        span.attributes['fastify.type'] !== 'middleware'
      ) {
        inner.onEnd(span);
      }
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}

function redactUrl(span: Span): void {
  for (const key of ['url.path', 'url.query']) {
    const text = span.attributes[key];
    if (typeof text === 'string') span.setAttribute(key, redactSecrets(text));
  }
}

function nameError(span: Span): void {
  if (span.status.code !== SpanStatusCode.ERROR) return;
  const code = Number(span.attributes['rpc.grpc.status_code'] ?? 2);
  span.setAttribute('error.type', GRPC_STATUS[code] ?? 'UNKNOWN');
}
