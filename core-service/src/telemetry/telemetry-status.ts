/** How telemetry fares in this process: `/health` of the gateway tells it of both services. */
import type { Signal } from '../otlp-endpoint.ts';
import type { ExportWatch } from './export-watch.ts';

/** The message of the contract with the same fields says what they mean. */
export interface TelemetryStatus {
  readonly sampler: string;
  readonly sampledShare: number;
  readonly signals: readonly SignalStatus[];
}

interface SignalStatus {
  readonly signal: string;
  readonly exporter: string;
  readonly lastExportTimestampMs: number;
  readonly lastFailureTimestampMs: number;
  readonly exportsFailed: number;
  readonly itemsLost: number;
  readonly failedLink: string;
  readonly errorType: string;
  readonly errorCode: string;
}

/** @param exporters the exporter of each signal, in the word of its variable */
export function telemetryStatus(
  env: NodeJS.ProcessEnv,
  exporters: Readonly<Record<Signal, string>>,
  watches: readonly ExportWatch[],
): TelemetryStatus {
  const sampler = env['OTEL_TRACES_SAMPLER']?.trim() || 'parentbased_always_on';
  return {
    sampler,
    sampledShare: shareOf(sampler, env['OTEL_TRACES_SAMPLER_ARG']?.trim()),
    signals: watches.map((watch) => signalStatus(watch, exporters[watch.signal])),
  };
}

/** False from an export that failed to the next one of its signal that did not. */
export function isTelemetryOk({ signals }: TelemetryStatus): boolean {
  return signals.every(({ failedLink }) => failedLink === '');
}

/** @returns how many of the requests that come without a trace have one, from 0 to 1 */
function shareOf(sampler: string, share: string | undefined): number {
  if (sampler.endsWith('always_off')) return 0;
  // An empty share counts as absent, and is 1.
  return sampler.endsWith('traceidratio') && share ? Number(share) : 1;
}

function signalStatus(watch: ExportWatch, exporter: string): SignalStatus {
  const { lastExportAt, lastFailureAt, exportsFailed, lost, failure } = watch.counts();
  return {
    signal: watch.signal,
    exporter,
    lastExportTimestampMs: lastExportAt,
    lastFailureTimestampMs: lastFailureAt,
    exportsFailed,
    itemsLost: lost,
    failedLink: failure?.link ?? '',
    errorType: failure?.error_type ?? '',
    errorCode: failure?.error_code ?? '',
  };
}
