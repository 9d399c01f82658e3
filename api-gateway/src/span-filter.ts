import type { SpanProcessor } from '@opentelemetry/sdk-trace';

/** The Fastify instrumentation makes a span of every hook; they say nothing and have no children. */
export function withoutNoise(inner: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, context) => inner.onStart(span, context),
    onEnd: (span) => {
      if (!span.name.startsWith('middleware - ')) inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}
