import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readSeed, seedInventory } from '../src/inventory/seed.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import { followInventory } from '../src/search/query-embedder.ts';
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
  for (const { similarityScore: score } of results) {
    expect(score).toBe(Math.round(score * 1e4) / 1e4);
  }
  expect(core.events('search_completed').at(-1)).toMatchObject({ results: 3, limit: 3 });
});

test('prices have the decimals of their currency', async () => {
  const { results } = await core.search({ query: 'ryokan in Kyoto', limit: 1 });
  expect(results[0]).toMatchObject({ itemId: 'ryokan_kyoto_gion', currencyCode: 'JPY' });
  expect(Number.isInteger(results[0]!.basePrice)).toBe(true);
});

test('limit 50 gives 50 of 60, and a query without a word gives none', async () => {
  expect(await idsOf({ query, limit: 50 })).toHaveLength(50);
  expect(await idsOf({ query: '!!!', limit: 50 })).toEqual([]);
});

test('the index finds 50 of 60 too, among three times as many inactive ones', async () => {
  const exact = await idsOf({ query, limit: 50 });
  await meanwhile(`
    with copied as (
      insert into inventory_items (id, name, description, base_price_minor, floor_price_minor,
        currency, active)
      select id || '_' || n, name, description, base_price_minor, floor_price_minor, currency, false
      from inventory_items, generate_series(1, 3) n
      returning id
    )
    insert into item_vectors (model, item_id, embedding)
    select model, copied.id, embedding
    from item_vectors join copied on copied.id ~ ('^' || item_id || '_[123]$')`);
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
  const found = await idsOf({ query, limit: 50, minSimilarity: least });
  expect(found.toSorted()).toEqual(similar.toSorted());
  expect(await idsOf({ query, limit: 2, minSimilarity: least })).toEqual(found.slice(0, 2));
  expect(await idsOf({ query, limit: 50, minSimilarity: 1 })).toEqual([]);
});

test('min_similarity of a score that was told includes its item', async () => {
  for (const hit of (await core.search({ query, limit: 20 })).results) {
    if (hit.similarityScore === 0) continue;
    expect(await idsOf({ query, limit: 50, minSimilarity: hit.similarityScore })).toContain(
      hit.itemId,
    );
  }
});

test('an inactive item is never found', async () => {
  await meanwhile(`update inventory_items set active = false where id = 'hostel_beta'`);
  expect(await idsOf({ query, limit: 50 })).not.toContain('hostel_beta');
});

describe('vectors of another model', () => {
  test('are never compared: what has them is found by its words', async () => {
    await meanwhile(`update item_vectors set model = 'other' where item_id like 'hostel%'`);
    const { results } = await core.search({ query, limit: 50 });
    const hostels = results.filter(({ itemId }) => itemId.startsWith('hostel'));
    expect(results.slice(0, 5).map(({ itemId }) => itemId)).toContain('hostel_beta');
    expect(hostels.map((hit) => hit.similarityScore)).toEqual(hostels.map(() => 0));
    expect(await idsOf({ query: 'zebra', limit: 50 })).not.toContain('hostel_beta');
    expect(await idsOf({ query, limit: 50, minSimilarity: 0.01 })).not.toContain('hostel_beta');
  });

  test('alone make the search a REINDEX_REQUIRED', async () => {
    await meanwhile(`update item_vectors set model = 'other'`);
    const fault = await faultOf(core.search({ query }));
    expect(fault).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'REINDEX_REQUIRED' });
  });

  test('beside inactive items of this one are still alone', async () => {
    await meanwhile(`update inventory_items set active = (id like 'hostel%')`);
    await database.query(`update item_vectors set model = 'other' where item_id like 'hostel%'`);
    expect(await faultOf(core.search({ query }))).toMatchObject({ reason: 'REINDEX_REQUIRED' });
  });
});

test('vectors that are still to be made of every item are no reason to reindex: words find it', async () => {
  await meanwhile('delete from item_vectors');
  const { results } = await core.search({ query: 'hostel' });
  expect(results.map(({ itemId }) => itemId)).toContain('hostel_beta');
  expect(await followInventory(core.ctx)).toBe(true);
});

test('an empty inventory is no error, and neither is one of inactive items', async () => {
  await meanwhile('update inventory_items set active = false');
  expect(await core.search({ query })).toEqual({ results: [] });
  await database.query('delete from inventory_items');
  expect(await core.search({ query, minSimilarity: 0.5 })).toEqual({ results: [] });
});

describe('words', () => {
  test.each([
    ['a name that means nothing', 'Kamogawa', 'ryokan_kyoto_gion'],
    ['a name without its accents', 'cabanas luna', 'tulum_cabanas'],
    ['a name with accents it does not have', 'Thé Márlowe Rów', 'hotel_london_mayfair'],
    ['a misspelt name', 'Sospirro', 'hotel_venice_canal'],
    ['another form of a word', 'puppeteer', 'haveli_jaipur'],
  ])('find by %s', async (_what, words, id) => {
    expect((await idsOf({ query: words, limit: 1 }))[0]).toBe(id);
  });

  test('are stemmed in the language of the item', async () => {
    const add = (id: string, language: string, name: string) =>
      meanwhile(`insert into inventory_items (id, name, description, base_price_minor,
        floor_price_minor, currency, language)
        values ('${id}', '${name}', '-', 2, 1, 'EUR', '${language}')`);
    await add('a_de', 'de', 'Kachelöfen und Bücherregale');
    await add('a_fr', 'fr', 'Étagères normandes');
    await add('a_und', 'und', 'Kachelöfchen');
    expect((await idsOf({ query: 'Bücherregal' })).slice(0, 2)).toContain('a_de');
    expect((await idsOf({ query: 'etagere normand' })).slice(0, 2)).toContain('a_fr');
    expect((await idsOf({ query: 'kachelofchen' })).slice(0, 2)).toContain('a_und');
  });

  test('that are not wanted count against what has them', async () => {
    const [wanted] = await idsOf({ query: 'family hotel in the mountains' });
    expect(wanted).toBe('pension_tyrol_family');
    const [other] = await idsOf({ query: 'family hotel, not in the mountains' });
    expect(other).not.toBe('pension_tyrol_family');
  });
});

describe('filters', () => {
  test.each([
    ['a currency', { currencyCode: 'JPY' }, /^(ryokan|capsule|onsen)/, 3],
    ['a price', { currencyCode: 'EUR', maxPrice: 34.5 }, /^hostel_(lisbon|budapest)/, 2],
    ['a price without decimals', { currencyCode: 'JPY', maxPrice: 4_800 }, /^capsule/, 1],
    ['a price with 3 decimals', { currencyCode: 'KWD', maxPrice: 45.5 }, /^suites_kuwait/, 1],
    ['a text', { attributes: [{ name: 'city', stringValue: 'Berlin' }] }, /^hotel_berlin/, 1],
    ['a number as text', { attributes: [{ name: 'stars', stringValue: '2' }] }, /./, 5],
    ['a number', { attributes: [{ name: 'stars', numberValue: 2 }] }, /./, 5],
    [
      'a member of a list',
      { attributes: [{ name: 'amenities', stringValue: 'kids club' }] },
      /^(pension_tyrol|beach_phuket)/,
      2,
    ],
    [
      'two of them',
      {
        attributes: [
          { name: 'country', stringValue: 'Japan' },
          { name: 'stars', numberValue: 4 },
        ],
      },
      /^(ryokan|onsen)/,
      2,
    ],
    ['what no item has', { attributes: [{ name: 'stars', stringValue: '05' }] }, /never/, 0],
  ])('by %s', async (_what, filters, ids, count) => {
    const found = await idsOf({ query, limit: 50, ...filters });
    expect(found).toHaveLength(count);
    for (const id of found) expect(id).toMatch(ids);
  });

  test('by a price alone compare it with each in its own currency', async () => {
    const { results } = await core.search({ query, limit: 50, maxPrice: 100 });
    expect(results.length).toBeGreaterThan(5);
    for (const hit of results) expect(hit.basePrice).toBeLessThanOrEqual(100);
    expect(results.map((hit) => hit.currencyCode)).toContain('KWD');
  });

  test.each([19.99, 8.2, 0.07])('by a price include that price: %d', async (price) => {
    await meanwhile(`update inventory_items set base_price_minor = ${Math.round(price * 100)},
      floor_price_minor = 1 where id = 'hostel_beta'`);
    expect(await idsOf({ query, maxPrice: price, currencyCode: 'USD' })).toEqual(['hostel_beta']);
    expect(await idsOf({ query, maxPrice: price - 0.001, currencyCode: 'USD' })).toEqual([]);
  });

  test('hold for what is found by its words too', async () => {
    const words = { query: 'Backpacker Hostel Beta', limit: 50 };
    expect(await idsOf({ ...words, currencyCode: 'EUR' })).not.toContain('hostel_beta');
    expect(await idsOf({ ...words, currencyCode: 'USD' })).toContain('hostel_beta');
  });

  test('are data, whatever is in them', async () => {
    const name = `' or 1=1 --"}\\`;
    const attributes = [{ name, stringValue: name }];
    expect(await idsOf({ query, attributes })).toEqual([]);
  });
});
