/**
 * OpenTelemetry's variables that nothing here reads: whoever sets one expects something of it, and must
 * hear that it does nothing.
 */
import { CHECKED_VARIABLES } from './telemetry-variables.ts';

/** The SDK and the instrumentations read these themselves. @public for the check of compose.yml */
export const READ_BY_LIBRARIES = [
  'OTEL_SERVICE_NAME',
  'OTEL_LOG_LEVEL',
  'OTEL_SEMCONV_STABILITY_OPT_IN',
  'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS',
];
const USED = new Set([...CHECKED_VARIABLES, ...READ_BY_LIBRARIES]);

/** Variables that count only where another one says `otlp`, and why they do nothing elsewhere. */
const ONLY_SENT: readonly (readonly [names: RegExp, switchedBy: string, reason: string])[] = [
  [
    /_OTLP_METRICS_|_METRIC_EXPORT_/,
    'OTEL_METRICS_EXPORTER',
    'metrics are not sent while OTEL_METRICS_EXPORTER is not otlp',
  ],
  [
    /_OTLP_LOGS_|_BLRP_/,
    'OTEL_LOGS_EXPORTER',
    'logs go to stdout alone while OTEL_LOGS_EXPORTER is not otlp',
  ],
];
/** Kinds of variables by their names, and why they do nothing. */
const REASONS: readonly (readonly [names: RegExp, reason: string])[] = [
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
  return names.toSorted().flatMap((variable) => {
    const reason = reasonOf(variable, env);
    return reason === undefined ? [] : [{ variable, reason }];
  });
}

function reasonOf(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const [, switchedBy = '', notSent] = ONLY_SENT.find(([kind]) => kind.test(variable)) ?? [];
  if (notSent !== undefined && env[switchedBy]?.trim() !== 'otlp') return notSent;
  if (USED.has(variable)) return undefined;
  const [, reason] = REASONS.find(([kind]) => kind.test(variable)) ?? [];
  return reason ?? 'nothing here reads it; is its name right?';
}
