/** The metrics of who waits for whom in the database. */
import { metrics } from '@opentelemetry/api';
import { sql } from 'drizzle-orm';
import type { Db } from './client.ts';
import { observeDatabase } from './observe.ts';

const meter = metrics.getMeter('aura.core');
const blocked = meter.createObservableGauge('aura.db.sessions.blocked', {
  description: 'Sessions of the database that wait for a lock',
  unit: '{session}',
});
const longest = meter.createObservableGauge('aura.db.transaction.age', {
  description: 'How long the oldest transaction has been open',
  unit: 's',
});

/** Observes the sessions of all programs in core's database. @returns stops it */
export function observeLocks(db: Db): () => void {
  const look = async () => {
    const { rows } = await db.execute(sql`
      select count(*) filter (where wait_event_type = 'Lock')::int as blocked,
        coalesce(extract(epoch from clock_timestamp() - min(xact_start)), 0)::float8 as age
      from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`);
    return rows[0];
  };
  return observeDatabase([blocked, longest], look, (result, row) => {
    result.observe(blocked, Number(row?.['blocked']));
    result.observe(longest, Number(row?.['age']));
  });
}
