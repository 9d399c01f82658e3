/** An inventory of the version before is found like a new one after the migration. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { migrateDatabase } from '../src/db/migrate.ts';
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

test('documents, attributes and the list of words are written anew', async () => {
  const database = await startDatabase();
  onTestFinished(() => database.close());
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    'drop schema public cascade; drop schema drizzle cascade; create schema public',
  );
  await migrate(drizzle(client), { migrationsFolder: await migrationsUpTo('0005_search') });
  await client.query(
    `insert into inventory_items
       (id, name, description, base_price_minor, floor_price_minor, currency, attributes)
     values ('old', $1, 'Plain.', 2, 1, 'EUR', $2)`,
    ['東京駅前 WD-40', { city: 'Zu\u0308rich' }],
  );
  await client.end();

  await migrateDatabase(database.url);
  const [item] = await database.query('select document, filterable from inventory_items');
  for (const word of ['wd40', '東京', '駅前']) expect(item?.['document']).toContain(`'${word}':`);
  expect(item?.['filterable']).toEqual({ city: ['zürich'] });
  const [listed] = await database.query(`select items from search_terms where lexeme = 'wd40'`);
  expect(listed).toEqual({ items: 1 });
});
