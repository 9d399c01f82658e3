import type { TelemetryServiceHandlers } from '@aura/proto';
import type { TelemetryStatus } from '../telemetry/telemetry-status.ts';

/** The method by which operators learn how telemetry fares. Like the health checks it has no span and no line. */
export function telemetryHandlers(status: () => TelemetryStatus) {
  return {
    GetTelemetryStatus: (_call, callback) => {
      const { signals, ...rest } = status();
      callback(null, { ...rest, signals: [...signals] });
    },
  } satisfies TelemetryServiceHandlers;
}
