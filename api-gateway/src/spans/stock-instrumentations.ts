/** TRACE_INSTRUMENTATION=stock: the instrumentations of OpenTelemetry make the spans. */
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
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
    new GrpcInstrumentation({ ignoreGrpcMethods: ['Check', 'Watch', 'List'] }),
  ];
}

/** Wraps a processor so that it gets the spans in the terms of the semantic conventions. */
export function shapeSpans(inner: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, context) => inner.onStart(span, context),
    onEnding: (span) => {
      const { name } = span.instrumentationScope;
      if (name === HTTP) redactUrl(span);
      // The instrumentation's own name would list the plugins that happen to be registered.
      if (name === FASTIFY) span.updateName('request handler - fastify');
      if (name === GRPC && span.kind === SpanKind.CLIENT) nameError(span);
    },
    onEnd: (span) => inner.onEnd(span),
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
  span.setAttribute('error.type', GRPC_STATUS_WORDS[code] ?? 'UNKNOWN');
}
