/** A shop's goods are found in each of nine languages, by what their words mean. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import documents from '../../dev/bench/search/documents.json' with { type: 'json' };
import goods from '../../dev/bench/search/goods.json' with { type: 'json' };
import { embedItems } from '../src/inventory/embed-items.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database);
  for (const { id, name, description } of goods) {
    await addItem(database, { id, name, description, base: 2_000, floor: 1_000 });
  }
  await database.query('refresh materialized view search_terms');
  await embedItems(core.ctx.db, core.ctx.embedder);
});
afterAll(async () => {
  await core.close();
  await database.close();
});

test.each([
  ['machine that does the laundry', 'washer'],
  ['Fieberthermometer', 'thermometer'],
  ['casque de vélo pour enfant', 'helmet'],
  ['tienda de campaña para cuatro', 'tent'],
  ['cuccia per cane', 'dogbed'],
  ['faca de chef', 'knifeset'],
  ['naaimachine voor beginners', 'sewing'],
  ['kosiarka akumulatorowa', 'mower'],
  ['электрический чайник', 'kettle'],
])('%s → %s', async (query, id) => {
  const { results } = await core.search({ query, limit: 1 });
  expect(results[0]?.itemId).toBe(id);
});

test('words that say nothing take nothing from those that do', async () => {
  // By meaning alone another one is nearer.
  for (const { id, name, description } of documents) {
    await addItem(database, { id, name, description, base: 2_000, floor: 1_000 });
  }
  await database.query('refresh materialized view search_terms');
  await embedItems(core.ctx.db, core.ctx.embedder);
  const query = 'how single malt is made, with a tasting';
  const { results } = await core.search({ query, limit: 1 });
  expect(results[0]?.itemId).toBe('whisky');
});
