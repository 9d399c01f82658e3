import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { HealthImplementation } from 'grpc-health-check';
import type { Context } from '../context.ts';
import { followInventory } from '../search/query-embedder.ts';

const INTERVAL_MS = 1_000;
/** The health service serves while it can be asked: whoever restarts what hangs asks for this name. */
const ALIVE = 'grpc.health.v1.Health';

export interface HealthMonitor {
  /** Says NOT_SERVING of core from now on, whatever the database says. */
  drain(): void;
}

/**
 * Keeps grpc.health.v1 true: core (the empty name, and the service) serves while the database answers,
 * and `database`, `search_index`, `model` and `telemetry` are told beside it. The health service
 * itself serves whatever the database does. Looks once before it resolves.
 */
export async function monitorHealth(
  ctx: Context,
  health: HealthImplementation,
  serviceName: string,
  isTelemetryOk: () => boolean,
): Promise<HealthMonitor> {
  let draining = false;
  let timer: NodeJS.Timeout | undefined;
  const set = (name: string, ok: boolean): void =>
    health.setStatus(name, ok ? 'SERVING' : 'NOT_SERVING');

  set(ALIVE, true);
  let database = false;
  let indexLook: Promise<void> | undefined;
  const lookAtIndex = async (): Promise<void> => {
    const isSearchable = await followInventory(ctx).catch(() => undefined);
    // Unknown when the pool was too busy to tell: then what was said last stands.
    if (isSearchable !== undefined && database && !draining) set('search_index', isSearchable);
  };
  const look = async (): Promise<void> => {
    database = await succeeds(ctx.database.ping());
    // This is told until the end, because it tells of the traces and not of what is served.
    set('telemetry', isTelemetryOk());
    if (draining) return;
    for (const name of ['', serviceName, 'database']) set(name, database);
    set('model', ctx.chat?.circuit() !== 'open');
    if (!database) return set('search_index', false);
    // Costs a statement or two on the pool, so only after the cheap look went well; and it waits there
    // behind everybody else, so that the next look at the database must not wait for it.
    indexLook ??= lookAtIndex().finally(() => (indexLook = undefined));
  };
  const loop = (): void => {
    void context.with(suppressTracing(context.active()), look).finally(() => {
      if (!draining) timer = setTimeout(loop, INTERVAL_MS).unref();
    });
  };
  await context.with(suppressTracing(context.active()), look);
  await indexLook;
  timer = setTimeout(loop, INTERVAL_MS).unref();
  return {
    drain: () => {
      draining = true;
      clearTimeout(timer);
      // The parts are as well as they were: it is core itself that goes away.
      for (const name of ['', serviceName]) set(name, false);
    },
  };
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
