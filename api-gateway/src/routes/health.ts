import { Type } from '../json-schema.ts';
import type { App } from '../app-type.ts';
import type { CoreClient, HealthStatuses } from '../core-client.ts';
import { connectionFault } from '../core-connection.ts';
import type { TelemetryStatus } from '../telemetry-status.ts';
import { isTelemetryOk } from '../telemetry-status.ts';
import { version } from '../version.ts';
import { describeTelemetry, Telemetry } from './health-telemetry.ts';

const Alive = Type.Object(
  { status: Type.Literal('ok') },
  { description: 'The process is alive', examples: [{ status: 'ok' }] },
);

const Ready = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not_ready')]),
  dependencies: Type.Record(Type.String(), Type.String()),
});
const READY = { status: 'ready', dependencies: { core_service: 'ok' } };
const NOT_READY = {
  status: 'not_ready',
  dependencies: { core_service: 'ok', database: 'unavailable' },
};

/** The part of core that is not serving while the inventory has none of its embedder's vectors. */
const INDEX = 'search_index';
const REINDEX_REQUIRED = 'reindex_required';

const TELEMETRY = {
  status: 'ok',
  sampler: 'parentbased_always_on',
  sampled_share: 1,
  traces: {
    exporter: 'otlp',
    last_export_at: '2026-11-22T16:39:58.000Z',
    exports_failed: 0,
    lost: 0,
  },
  metrics: { exporter: 'prometheus' },
  logs: { exporter: 'none' },
};

const Health = Type.Object(
  {
    status: Type.Union([Type.Literal('healthy'), Type.Literal('degraded')]),
    timestamp: Type.String({ format: 'date-time' }),
    version: Type.String(),
    checks: Type.Record(Type.String(), Type.String()),
    telemetry: Telemetry,
  },
  {
    description:
      '`healthy` when every check is `ok`; a check is `ok` or `unavailable`. `core_service` says ' +
      'where a certificate keeps the gateway from it, or TLS on one side alone. `search_index` is ' +
      '`reindex_required` while the items on sale have the vectors of an embedder that core has not, and ' +
      '`telemetry` is `degraded` while what is sent over OTLP does not arrive',
    examples: [
      {
        status: 'healthy',
        timestamp: '2026-11-22T16:40:00.000Z',
        version,
        checks: { core_service: 'ok', database: 'ok', telemetry: 'ok' },
        telemetry: { gateway: TELEMETRY, core: TELEMETRY },
      },
    ],
  },
);

export interface HealthOptions {
  /** True makes `/readyz` answer 503 while the last requests are finished. */
  readonly isDraining: () => boolean;
  /** How the gateway's own telemetry fares; core tells of its own. */
  readonly statusOfTelemetry: () => TelemetryStatus;
}

/** Adds the probes. */
export function healthRoutes(app: App, core: CoreClient, options: HealthOptions): void {
  const { isDraining, statusOfTelemetry } = options;
  const tags = ['health'];
  // Probes come all the time and would drown the requests of users in the log.
  const logLevel = 'warn' as const;
  const config = { isAlwaysAdmitted: true } as const;

  app.get(
    '/healthz',
    {
      logLevel,
      config,
      schema: {
        summary: 'Ask whether the process is alive',
        tags,
        response: { 200: Alive },
      },
    },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      logLevel,
      config,
      schema: {
        summary: 'Ask whether requests can be answered now',
        tags,
        response: {
          200: { ...Ready, description: 'Requests can be answered', examples: [READY] },
          503: {
            ...Ready,
            description: 'Core or its database is unavailable, or the gateway is shutting down',
            examples: [NOT_READY],
          },
        },
      },
    },
    async (_request, reply) => {
      const { statuses, fault } = await ask(core);
      const dependencies = dependenciesOf(statuses, fault);
      if (statuses[''] === 'SERVING' && !isDraining())
        return { status: 'ready' as const, dependencies };
      return reply.code(503).send({ status: 'not_ready', dependencies });
    },
  );

  app.get(
    '/health',
    {
      logLevel,
      config,
      schema: {
        summary: 'Ask how each part of the service is',
        tags,
        response: { 200: Health },
      },
    },
    async () => {
      const [{ statuses, fault }, ofCore] = await Promise.all([
        ask(core),
        core.telemetry().catch(() => undefined),
      ]);
      const own = statusOfTelemetry();
      const { telemetry = 'SERVING', ...rest } = statuses;
      const parts = Object.entries(rest).filter(([name]) => name !== '' && !name.includes('.'));
      const arrives = telemetry === 'SERVING' && isTelemetryOk(own);
      const checks = Object.fromEntries([
        ['core_service', statuses[''] ? 'ok' : fault],
        ...parts.map(([name, status]) => [name, status === 'SERVING' ? 'ok' : 'unavailable']),
        ['telemetry', arrives ? 'ok' : 'degraded'],
      ]) as Record<string, string>;
      if (isStale(statuses)) checks[INDEX] = REINDEX_REQUIRED;
      const healthy = Object.values(checks).every((check) => check === 'ok');
      const status = healthy ? ('healthy' as const) : ('degraded' as const);
      return {
        status,
        timestamp: new Date().toISOString(),
        version,
        checks,
        telemetry: {
          gateway: describeTelemetry(own),
          ...(ofCore && { core: describeTelemetry(ofCore) }),
        },
      };
    },
  );
}

/** @returns what core says of its parts, and what is wrong with core where it says nothing */
async function ask(core: CoreClient): Promise<{
  readonly statuses: HealthStatuses;
  readonly fault: string;
}> {
  try {
    return { statuses: await core.health(), fault: 'unavailable' };
  } catch (error) {
    return { statuses: {}, fault: connectionFault(error) ?? 'unavailable' };
  }
}

/** Names what keeps requests from being answered: core, or the database behind a core that is well. */
function dependenciesOf(statuses: HealthStatuses, fault: string): Record<string, string> {
  const hasDatabase = statuses['database'] !== 'NOT_SERVING';
  const isCoreOk = statuses[''] === 'SERVING' || (statuses[''] !== undefined && !hasDatabase);
  return {
    core_service: isCoreOk ? 'ok' : fault,
    ...(!hasDatabase && { database: 'unavailable' }),
    // Bids are answered, and so it is ready; whoever looks shall see why searches are not.
    ...(isStale(statuses) && { [INDEX]: REINDEX_REQUIRED }),
  };
}

/** The database answers, but core finds no vectors in it that it could compare. */
function isStale(statuses: HealthStatuses): boolean {
  return statuses['database'] === 'SERVING' && statuses[INDEX] === 'NOT_SERVING';
}
