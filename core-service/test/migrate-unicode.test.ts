/** An inventory of the version before is found like a new one after the migration. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../src/db/migrate.ts';
import type { TestDatabase } from './core-harness.ts';
import { startDatabase } from './core-harness.ts';
import { goBackTo } from './former-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

/** An inventory with one item, as it was after that migration. */
async function inventoryOf(last: string, name = '東京駅前 WD-40', city = 'Zu\u0308rich') {
  await goBackTo(last, database);
  await database.query(
    `insert into inventory_items
       (id, name, description, base_price_minor, floor_price_minor, currency, attributes, rounds)
     values ('old', $1, 'Plain.', 2, 1, 'EUR', $2, 7)`,
    [name, { city }],
  );
}

test('an item keeps its terms, and has none of the controls that came after it', async () => {
  await inventoryOf('0006_unicode');
  await migrateDatabase(database.url);
  const [item] = await database.query(`
    select rounds, num_nulls(margin, margin_minor, discount_cap, price_ending,
      daily_concession_minor, draft_above_minor, high_value_minor, tells_rounds) as without
    from inventory_items`);
  expect(item).toEqual({ rounds: 7, without: 8 });
});

test('signs that look the same become the same in what was there before', async () => {
  await inventoryOf('0007_merchant_controls', 'Ladder WD\u221255', 'ΠΑΤΡΑ');
  await migrateDatabase(database.url);
  const [item] = await database.query(`select document, filterable from inventory_items
    where filterable @> fold_attributes('{"city": "πάτρα"}')`);
  expect(item?.['document']).toContain(`'wd55':`);
  const [listed] = await database.query(`select items from search_terms where lexeme = 'wd55'`);
  expect(listed).toEqual({ items: 1 });
});

test('words with signs, and other digits and letters, are read anew where they are', async () => {
  await inventoryOf('0010_vectors', 'Course in C++', 'تهران ۱۲');
  await database.query(`insert into inventory_items
      (id, name, description, base_price_minor, floor_price_minor, currency, updated_at)
    values ('plain', 'Tent', 'Plain.', 2, 1, 'EUR', '2020-01-01')`);
  const rowOf = async (id: string) =>
    (await database.query('select *, xmin::text from inventory_items where id = $1', [id]))[0];
  const plain = await rowOf('plain');
  const old = await rowOf('old');
  await migrateDatabase(database.url);
  expect(await rowOf('plain')).toEqual(plain);
  const { document, filterable, ...rest } = (await rowOf('old')) ?? {};
  expect(document).toContain(`'cplusplus':`);
  expect(filterable).toEqual({ city: ['تهران 12'] });
  expect(old).toMatchObject({ ...rest, xmin: expect.any(String) });
  const [listed] = await database.query(
    `select items from search_terms where lexeme = 'cplusplus'`,
  );
  expect(listed).toEqual({ items: 1 });
});

test('documents, attributes and the list of words are written anew', async () => {
  await inventoryOf('0005_search');
  await migrateDatabase(database.url);
  const [item] = await database.query('select document, filterable from inventory_items');
  for (const word of ['wd40', '東京', '駅前']) expect(item?.['document']).toContain(`'${word}':`);
  expect(item?.['filterable']).toEqual({ city: ['zürich'] });
  const [listed] = await database.query(`select items from search_terms where lexeme = 'wd40'`);
  expect(listed).toEqual({ items: 1 });
});
