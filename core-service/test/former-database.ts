import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import type { TestDatabase } from './core-harness.ts';
import { startDatabase } from './core-harness.ts';

const MIGRATIONS = join(import.meta.dirname, '../drizzle');

/** The migrations up to one, in a folder of their own. */
async function migrationsUpTo(last: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aura-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: { tag: string }[] };
  const entries = journal.entries.filter(({ tag }) => tag <= last);
  await writeFile(file, JSON.stringify({ ...journal, entries }));
  return folder;
}

/** An empty database as it was after that migration, for one test. */
export async function startFormerDatabase(last: string): Promise<TestDatabase> {
  const database = await startDatabase();
  onTestFinished(() => database.close());
  await goBackTo(last, database);
  return database;
}

/** Empties a database, and leaves it as it was after that migration, for one test. */
export async function goBackTo(last: string, database: TestDatabase): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    'drop schema public cascade; drop schema drizzle cascade; create schema public',
  );
  await migrate(drizzle(client), { migrationsFolder: await migrationsUpTo(last) });
  await client.end();
}
