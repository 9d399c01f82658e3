/** A migration beside transactions of bids; it needs a database of several sessions. */
import { expect, test, vi } from 'vitest';
import { migrateDatabase } from '../src/db/migrate.ts';
import { nativeUrl } from './core-harness.ts';
import { startFormerDatabase } from './former-database.ts';

test.runIf(nativeUrl)(
  'a table that is held is waited for, and bids need not wait behind',
  async () => {
    const database = await startFormerDatabase('0014_signed_requests');
    const release = await database.lock('negotiation_rounds', 'exclusive');
    let isDone = false;
    const migrated = migrateDatabase(database.url).then(() => (isDone = true));
    const waiting = `select from pg_stat_activity where wait_event_type = 'Lock'
    and datname = current_database()`;
    await vi.waitFor(async () => expect(await database.query(waiting)).toHaveLength(1), 30_000);
    // It gives way: others, who would stand behind it, read meanwhile.
    await vi.waitFor(async () => expect(await database.query(waiting)).toHaveLength(0), 30_000);
    expect(await database.query('select 1 from negotiation_rounds')).toEqual([]);
    expect(isDone).toBe(false);
    await release();
    await migrated;
    await database.query('select receipt from reservations');
  },
);
