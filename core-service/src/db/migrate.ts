import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { rootCause } from '../errors.ts';

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));
/** The lock of the migrations: any number, as long as every replica has the same. */
const LOCK_KEY = 4_711_202_611;
/**
 * A migration waits so long for a table that bids hold, and gives up sooner than Postgres looks for a deadlock
 * (after a second): meanwhile every bid waits behind it.
 */
const LOCK_TIMEOUT = '500ms';
/** Milliseconds in which bids go on before it tries again, and how often it does. */
const PAUSE_MS = 300;
const TRIES = 100;
const HELD = new Set(['55P03', '40P01']);
/** Postgres says so of a table, or a schema, that is not there. */
const NOT_THERE = new Set(['42P01', '3F000']);

/**
 * Brings a database to the newest schema. Several replicas may call it at once: the lock is taken in the
 * transaction that migrates, so that a pooler may stand in between, and whoever comes later finds nothing
 * left to do.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await untilUnheld(() => migrateOnce(client));
  } finally {
    await client.end();
  }
}

async function migrateOnce(client: Client): Promise<void> {
  try {
    // A role may have limits for requests; who migrates at the same time is waited for as long as it takes.
    await client.query('begin; set local statement_timeout = 0; set local lock_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    // Its own `begin` changes nothing, and its `commit` ends this transaction.
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } catch (error) {
    // Nothing is left to roll back where the migrator has done so, or where the connection has gone.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Tries again while others hold what is to be changed; a try that failed has changed nothing. */
async function untilUnheld(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const { code = '' } = rootCause(error) as { readonly code?: string };
      if (!HELD.has(code) || tries === TRIES) throw error;
      await wait(PAUSE_MS);
    }
  }
}

/**
 * Tells whether a database has the schema of this release, or a newer one, with which this release
 * goes on working.
 *
 * @throws what pg fails with when the database cannot be asked
 */
export async function hasSchema(url: string): Promise<boolean> {
  const newest = readMigrationFiles({ migrationsFolder: MIGRATIONS }).at(-1);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // The connection may break between two questions, and the next one then says so.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(
      'select from drizzle.__drizzle_migrations where created_at >= $1 limit 1',
      [newest?.folderMillis],
    );
    return rowCount === 1;
  } catch (error) {
    if (NOT_THERE.has((error as { code?: string }).code ?? '')) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
