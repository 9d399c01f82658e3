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

/** An inventory with one item, as it was after that migration. */
async function inventoryOf(last: string, name = '東京駅前 WD-40', city = 'Zu\u0308rich') {
  const database = await startDatabase();
  onTestFinished(() => database.close());
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    'drop schema public cascade; drop schema drizzle cascade; create schema public',
  );
  await migrate(drizzle(client), { migrationsFolder: await migrationsUpTo(last) });
  await client.query(
    `insert into inventory_items
       (id, name, description, base_price_minor, floor_price_minor, currency, attributes, rounds)
     values ('old', $1, 'Plain.', 2, 1, 'EUR', $2, 7)`,
    [name, { city }],
  );
  await client.end();
  return database;
}

test('an item keeps its terms, and has none of the controls that came after it', async () => {
  const database = await inventoryOf('0006_unicode');
  await migrateDatabase(database.url);
  const [item] = await database.query(`
    select rounds, num_nulls(margin, margin_minor, discount_cap, price_ending,
      daily_concession_minor, draft_above_minor, high_value_minor, tells_rounds) as without
    from inventory_items`);
  expect(item).toEqual({ rounds: 7, without: 8 });
});

test('signs that look the same become the same in what was there before', async () => {
  const database = await inventoryOf('0007_merchant_controls', 'Ladder WD\u221255', 'ΠΑΤΡΑ');
  await migrateDatabase(database.url);
  const [item] = await database.query(`select document, filterable from inventory_items
    where filterable @> fold_attributes('{"city": "πάτρα"}')`);
  expect(item?.['document']).toContain(`'wd55':`);
  const [listed] = await database.query(`select items from search_terms where lexeme = 'wd55'`);
  expect(listed).toEqual({ items: 1 });
});

test('documents, attributes and the list of words are written anew', async () => {
  const database = await inventoryOf('0005_search');
  await migrateDatabase(database.url);
  const [item] = await database.query('select document, filterable from inventory_items');
  for (const word of ['wd40', '東京', '駅前']) expect(item?.['document']).toContain(`'${word}':`);
  expect(item?.['filterable']).toEqual({ city: ['zürich'] });
  const [listed] = await database.query(`select items from search_terms where lexeme = 'wd40'`);
  expect(listed).toEqual({ items: 1 });
});
