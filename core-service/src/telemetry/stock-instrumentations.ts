/** TRACE_INSTRUMENTATION=stock: the instrumentations of OpenTelemetry make the spans. */
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { register } from 'import-in-the-middle/register-hooks.mjs';

/** Patches what is traced; nothing of it may have been loaded before. */
export function stockInstrumentations() {
  // Without a loader hook ES modules are not patched, and the trace falls in two without an error.
  register({ include: ['@grpc/grpc-js', 'pg', 'pg-pool'] });
  return [
    new GrpcInstrumentation({
      ignoreGrpcMethods: ['Check', 'Watch', 'List', 'GetTelemetryStatus', /^ServerReflection/],
    }),
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
  ];
}
