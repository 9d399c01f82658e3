/**
 * OpenTelemetry's variables that nothing here reads: whoever sets one expects something of it, and must
 * hear that it does nothing.
 */
import { CHECKED_VARIABLES } from './telemetry-variables.ts';

/** The SDK and the instrumentations read these themselves. */
const READ_BY_LIBRARIES = [
  'OTEL_SERVICE_NAME',
  'OTEL_LOG_LEVEL',
  'OTEL_NODE_RESOURCE_DETECTORS',
  'OTEL_SEMCONV_STABILITY_OPT_IN',
  'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS',
  'OTEL_EXPORTER_OTLP_CERTIFICATE',
  'OTEL_EXPORTER_OTLP_CLIENT_KEY',
  'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
  'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE',
  'OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY',
  'OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE',
];
const USED = new Set([...CHECKED_VARIABLES, ...READ_BY_LIBRARIES]);

/** Kinds of variables by their names, and why they do nothing. */
const REASONS: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /_OTLP_METRICS_|_METRIC_EXPORT_/,
    'metrics are not sent: they are scraped at the port that OTEL_EXPORTER_PROMETHEUS_PORT names',
  ],
  [/_OTLP_LOGS_|_BLRP_|_LOGRECORD_/, 'logs go to stdout, and are not sent'],
  [/_CONFIG_FILE$/, 'telemetry is configured by variables alone, and by no file'],
  [/_ZIPKIN_|_JAEGER_/, 'traces are sent over OTLP alone'],
];

export interface UnusedVariable {
  readonly variable: string;
  readonly reason: string;
}

/** @returns each of OpenTelemetry's variables that is set and does nothing; an empty one counts as absent */
export function unusedVariables(env: NodeJS.ProcessEnv): UnusedVariable[] {
  const names = Object.keys(env).filter((name) => name.startsWith('OTEL_') && env[name]?.trim());
  return names
    .filter((name) => !USED.has(name))
    .toSorted()
    .map((variable) => {
      const [, reason] = REASONS.find(([kind]) => kind.test(variable)) ?? [];
      return { variable, reason: reason ?? 'nothing here reads it; is its name right?' };
    });
}
