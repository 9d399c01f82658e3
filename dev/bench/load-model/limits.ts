/** What a load meets first on one server of Postgres, and what to put there. */
import type { Load, Values } from './model.ts';
import { busyCores, services, storage } from './model.ts';

export interface Limit {
  readonly what: string;
  /** The part of what there is that the load needs; above 1 it does not work. */
  readonly share: number;
  /** The engine or the setting that goes further, with the change that it needs. */
  readonly further: string;
}

/** @returns all limits, the nearest one first */
export function limitsOf(load: Load, values: Values): readonly Limit[] {
  const busy = busyCores(load, values);
  const kept = storage(load, values);
  const cores = values.serverCores * values.busyShare;
  const partitions = 'partitions by day in place of the sweep: a day is dropped';
  const limits: readonly Limit[] = [
    {
      what: 'connections',
      share: services(load, values).connections / values.serverConnections,
      further: 'PgBouncer in transaction mode',
    },
    {
      what: 'CPU for searches',
      share: busy.searching / cores,
      further: 'read replicas: `DATABASE_READ_URL`',
    },
    { what: 'CPU for bids', share: busy.primary / cores, further: 'Citus, by session' },
    {
      what: 'memory for vectors',
      share: kept.vectorIndexGb / (values.serverMemoryGb * values.busyShare),
      further: '`halfvec` in `item_vectors`, then a vector engine behind `search/`',
    },
    {
      what: 'disk for rounds',
      share: (kept.roundsGb + kept.inventoryGb) / values.serverDiskGb,
      further: 'fewer `SESSION_RETENTION_DAYS`',
    },
    {
      what: 'sweeping',
      share: kept.roundsToSweep / values.sweptRoundsASecond,
      further: partitions,
    },
    {
      what: 'vacuum',
      share: kept.vacuumS / kept.untilVacuumS,
      further: partitions,
    },
    { what: 'writes', share: kept.writes / values.serverWrites, further: 'Citus, by session' },
  ];
  return limits.toSorted((a, b) => b.share - a.share);
}
