import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readSeed, seedInventory } from '../src/db/seed.ts';
import { createLocalEmbedder } from '../src/llm/embeddings.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const query = 'cheap place near the beach in Bali';
const embedder = createLocalEmbedder();

let database: TestDatabase;
let core: Core;
const seed = async () => seedInventory(core.ctx.db, embedder, await readSeed());
const idsOf = async (request: Parameters<Core['search']>[0]): Promise<string[]> =>
  (await core.search(request)).results.map(({ itemId }) => itemId);

beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, { env: { DATABASE_POOL_SIZE: '1' } });
  await seed();
});
afterAll(async () => {
  await core.close();
  await database.close();
});

/** Changes the inventory for one test. */
async function meanwhile(statement: string): Promise<void> {
  await database.query(statement);
  onTestFinished(async () => {
    await database.query('delete from inventory_items');
    await seed();
  });
}

test('finds the best first, three unless told otherwise, with what the contract has', async () => {
  const { results } = await core.search({ query });
  expect(results).toHaveLength(3);
  expect(results[0]).toEqual({
    itemId: 'hostel_beta',
    name: 'Backpacker Hostel Beta',
    basePrice: 50,
    currencyCode: 'USD',
    similarityScore: expect.any(Number),
    descriptionSnippet: expect.stringMatching(/^Sociable, .* surf beach\.$/),
  });
  const scores = results.map((hit) => hit.similarityScore);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  for (const score of scores) expect(score).toBe(Math.round(score * 1e4) / 1e4);
  expect(core.events('search_completed').at(-1)).toMatchObject({ results: 3, limit: 3 });
});

test('prices have the decimals of their currency', async () => {
  const { results } = await core.search({ query: 'ryokan in Kyoto', limit: 1 });
  expect(results[0]).toMatchObject({ itemId: 'ryokan_kyoto_gion', currencyCode: 'JPY' });
  expect(Number.isInteger(results[0]!.basePrice)).toBe(true);
});

test('limit 50 gives 50 of 60, also those that are like the query in nothing', async () => {
  expect(await idsOf({ query, limit: 50 })).toHaveLength(50);
  const { results } = await core.search({ query: '!!!', limit: 50 });
  expect(results.map((hit) => hit.similarityScore)).toEqual(results.map(() => 0));
  expect(results).toHaveLength(50);
});

test('the index finds 50 of 60 too, among three times as many inactive ones', async () => {
  const exact = await idsOf({ query, limit: 50 });
  await meanwhile(`
    insert into inventory_items (id, name, description, base_price_minor, floor_price_minor,
      currency, embedding, embedding_model, active)
    select id || '_' || n, name, description, base_price_minor, floor_price_minor,
      currency, embedding, embedding_model, false
    from inventory_items, generate_series(1, 3) n`);
  await core.ctx.db.execute('set enable_seqscan = off');
  onTestFinished(async () => {
    await core.ctx.db.execute('reset enable_seqscan');
  });
  const found = await idsOf({ query, limit: 50 });
  expect(found).toHaveLength(50);
  expect(found.slice(0, 10)).toEqual(exact.slice(0, 10));
});

test('min_similarity filters before limit cuts', async () => {
  const all = (await core.search({ query, limit: 50 })).results;
  const least = all[9]!.similarityScore - 0.00005;
  const similar = all.filter((hit) => hit.similarityScore >= least).map((hit) => hit.itemId);
  expect(await idsOf({ query, limit: 50, minSimilarity: least })).toEqual(similar);
  expect(await idsOf({ query, limit: 2, minSimilarity: least })).toEqual(similar.slice(0, 2));
  expect(await idsOf({ query, limit: 50, minSimilarity: 1 })).toEqual([]);
});

test('an inactive item is never found', async () => {
  await meanwhile(`update inventory_items set active = false where id = 'hostel_beta'`);
  expect(await idsOf({ query, limit: 50 })).not.toContain('hostel_beta');
});

describe('vectors of another model', () => {
  test('are never compared', async () => {
    await meanwhile(`update inventory_items set embedding_model = 'other' where id like 'hostel%'`);
    const found = await idsOf({ query, limit: 50 });
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((id) => id.startsWith('hostel'))).toEqual([]);
  });

  test('alone make the search a REINDEX_REQUIRED', async () => {
    await meanwhile(`update inventory_items set embedding_model = 'other' where active`);
    const fault = await faultOf(core.search({ query }));
    expect(fault).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'REINDEX_REQUIRED' });
  });

  test('beside inactive items of this one are still alone', async () => {
    await meanwhile(`update inventory_items set active = (id like 'hostel%'),
      embedding_model = case when id like 'hostel%' then 'other' else embedding_model end`);
    expect(await faultOf(core.search({ query }))).toMatchObject({ reason: 'REINDEX_REQUIRED' });
  });
});

test('an empty inventory is no error, and neither is one of inactive items', async () => {
  await meanwhile('update inventory_items set active = false');
  expect(await core.search({ query })).toEqual({ results: [] });
  await database.query('delete from inventory_items');
  expect(await core.search({ query, minSimilarity: 0.5 })).toEqual({ results: [] });
});
