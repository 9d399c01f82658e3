import { Type } from '../json-schema.ts';
import type { Static } from 'typebox';
import type { TelemetryStatus } from '../telemetry-status.ts';

const Moment = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', description }));

const Signal = Type.Object(
  {
    exporter: Type.String({ description: '`otlp`, `prometheus` or `none`; only `otlp` sends' }),
    last_export_at: Moment('the last export that was taken whole; absent before the first'),
    last_failure_at: Moment('the last export that failed; absent before the first'),
    exports_failed: Type.Optional(Type.Integer({ description: 'since the process began' })),
    lost: Type.Optional(
      Type.Integer({
        description:
          'spans, data points or log records that were not taken, or did not fit the queue',
      }),
    ),
    failing: Type.Optional(
      Type.Object(
        {
          link: Type.String({ description: '`exporter`, `network` or `collector`' }),
          error_type: Type.String(),
          error_code: Type.Optional(Type.String()),
        },
        { description: 'there while the last export is one that failed' },
      ),
    ),
  },
  { description: 'what became of the exports of a signal' },
);

const Service = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('off')]),
  sampler: Type.String(),
  sampled_share: Type.Number({ description: 'of the requests that bring no trace, from 0 to 1' }),
  traces: Type.Optional(Signal),
  metrics: Type.Optional(Signal),
  logs: Type.Optional(Signal),
});

/** How the telemetry of both services fares, as `/health` tells it. */
export const Telemetry = Type.Object(
  { gateway: Service, core: Type.Optional(Service) },
  {
    description:
      'How telemetry fares in the processes that answered: `degraded` while an export failed last, ' +
      '`off` where no traces are sent. `core` is absent while it does not answer',
  },
);

/** @returns what `/health` says of a service */
export function describeTelemetry(status: TelemetryStatus): Static<typeof Service> {
  const { sampler, sampledShare, signals } = status;
  const sent = Object.fromEntries(signals.map((each) => [each.signal, describeSignal(each)])) as {
    [name in 'traces' | 'metrics' | 'logs']?: Static<typeof Signal>;
  };
  return { status: wordOf(status), sampler, sampled_share: sampledShare, ...sent };
}

/** An export that fails is told also where no traces are sent, because it is then one of metrics or logs. */
function wordOf({ signals }: TelemetryStatus): 'ok' | 'degraded' | 'off' {
  if (signals.some(({ failedLink }) => failedLink !== '')) return 'degraded';
  const isTraced = signals.some((each) => each.signal === 'traces' && each.exporter === 'otlp');
  return isTraced ? 'ok' : 'off';
}

function describeSignal(status: TelemetryStatus['signals'][number]): Static<typeof Signal> {
  const { exporter, failedLink: link, errorType: error_type, errorCode: error_code } = status;
  if (exporter !== 'otlp') return { exporter };
  const { lastExportTimestampMs: exported, lastFailureTimestampMs: failed } = status;
  return {
    exporter,
    ...(exported > 0 && { last_export_at: new Date(exported).toISOString() }),
    ...(failed > 0 && { last_failure_at: new Date(failed).toISOString() }),
    exports_failed: status.exportsFailed,
    lost: status.itemsLost,
    ...(link !== '' && { failing: { link, error_type, ...(error_code !== '' && { error_code }) } }),
  };
}
