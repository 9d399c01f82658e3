import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));
/** The lock of the migrations: any number, as long as every replica has the same. */
const LOCK_KEY = 4_711_202_611;
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
    // A role may have limits for requests.
    await client.query('begin; set local statement_timeout = 0; set local lock_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    // Its own `begin` changes nothing, and its `commit` ends this transaction.
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } finally {
    await client.end();
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
