/** How Postgres goes about a search: in one statement, and by the indices that are there for it. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateItems, generateQueries } from '../../dev/bench/search/catalogue.ts';
import { readSeed, seedInventory } from '../src/inventory/seed.ts';
import { importItems } from '../src/inventory/import-items.ts';
import { embedItems } from '../src/inventory/embed-items.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import type { Filters } from '../src/search/filters-repository.ts';
import type { HybridQuery } from '../src/search/repository.ts';
import { findItems, searchStatement } from '../src/search/repository.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { nativeUrl, startCore, startDatabase } from './core-harness.ts';

const embedder = createLocalEmbedder();
const noSignal = new AbortController().signal;

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, { env: { DATABASE_POOL_SIZE: '1' } });
  await seedInventory(core.ctx.db, embedder, await readSeed());
});
afterAll(async () => {
  await core.close();
  await database.close();
});

async function ask(text: string, more: Partial<HybridQuery> = {}): Promise<HybridQuery> {
  const vector = await embedder.embedQuery(text, noSignal);
  const { model } = embedder;
  return { text, vector, model, filters: {}, minSimilarity: 0, limit: 3, ...more };
}

/** The plan of the statement that a search sends, with what it would rather do than read all. */
async function planOf(query: HybridQuery, alsoAvoids = 'enable_sort'): Promise<string> {
  const { db } = core.ctx;
  // Few items are sorted sooner than looked for by the index of their vectors.
  await db.execute(`set enable_seqscan = off; set enable_sort = off; set ${alsoAvoids} = off`);
  const { rows } = await db.execute<any>(sql`explain (costs off) ${searchStatement(db, query)}`);
  await db.execute(`reset enable_seqscan; reset enable_sort; reset ${alsoAvoids}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('the plan', () => {
  test('reads neither the items nor their words from end to end', async () => {
    const plan = await planOf(await ask('cheap beach in Bali'));
    expect(plan).toMatch(/Index Scan using item_vectors_embedding_idx.*\n +Order By: /);
    expect(plan).toContain('Bitmap Index Scan on inventory_items_document_idx');
    expect(plan).toContain('Index Scan using search_terms_lexeme_idx');
    expect(plan).toContain('Bitmap Index Scan on search_terms_trigrams_idx');
    expect(plan).not.toMatch(/Seq Scan on (inventory_items|search_terms)/);
  });

  test('with an attribute goes by its index, and has a way for many and one for few', async () => {
    const attributes = [{ name: 'city', value: 'Bali' }];
    const plan = await planOf(await ask('beach', { filters: { attributes } }));
    expect(plan).toContain('Bitmap Index Scan on inventory_items_attributes_idx');
    expect(plan.match(/One-Time Filter: .*5000/g)).toHaveLength(2);
  });

  test('with an attribute of either type goes by the index for both', async () => {
    const attributes = [{ name: 'stars', value: '4' }];
    // Of so few items each is looked at sooner, one after the other.
    const plan = await planOf(await ask('beach', { filters: { attributes } }), 'enable_indexscan');
    expect(plan).toMatch(
      /BitmapOr(\n +-> +Bitmap Index Scan on inventory_items_attributes_idx\n.*){2}/,
    );
    expect(plan).not.toContain('Seq Scan on inventory_items');
  });

  test('without a vector compares none', async () => {
    const plan = await planOf(await ask('beach', { vector: undefined }));
    expect(plan).not.toMatch(/<=>|item_vectors_embedding_idx/);
  });
});

test('the planner knows how many items, vectors and words there are', async () => {
  const tables = ['inventory_items', 'item_vectors', 'search_terms'];
  const rows = await database.query(
    'select relname, reltuples from pg_class where relname = any($1) order by 1',
    [tables],
  );
  const known = Object.fromEntries(rows.map(({ relname, reltuples }) => [relname, reltuples]));
  const { length } = await readSeed();
  expect(known).toMatchObject({ inventory_items: length, item_vectors: length });
  expect(known['search_terms']).toBeGreaterThan(length);
});

describe('a search', () => {
  const city = { name: 'city', value: 'Bali' };
  const hammocks = { name: 'amenities', value: 'hammocks' };

  test.each([
    ['without filters', {}],
    ['by currency and price', { currency: 'USD', maxPrice: 500 }],
    ['by an attribute', { attributes: [city] }],
    ['by all of them', { currency: 'USD', maxPrice: 500, attributes: [city, hammocks] }],
  ])('%s is planned once for each connection', async (_what, filters: Filters) => {
    const { db } = core.ctx;
    await findItems(db, await ask('a warm beach', { filters }));
    const before = await planned();
    const found = await findItems(db, await ask('cheap beach, not a hostel', { filters }));
    expect(found[0]?.currency).toBe('USD');
    expect(await planned()).toEqual(before);
    expect(before).not.toHaveLength(0);
    // Each has a statement of its own: that of another would heed other filters.
    seen.push(before.at(-1) ?? '');
    expect(new Set(seen).size).toBe(seen.length);
  });

  const seen: string[] = [];

  // The embedded database does not heed what core asks for when it connects.
  test.runIf(nativeUrl)('has one plan, whatever its values', async () => {
    await findItems(core.ctx.db, await ask('beach'));
    const { rows } = await core.ctx.db.execute(
      `select name, custom_plans::int from pg_prepared_statements
        where name like '%_search_%' and custom_plans > 0`,
    );
    expect(rows).toEqual([]);
  });

  test('by more attributes leaves no statement behind', async () => {
    const before = await planned();
    const stars = { name: 'stars', value: 3 };
    await findItems(
      core.ctx.db,
      await ask('beach', { filters: { attributes: [city, hammocks, stars] } }),
    );
    expect(await planned()).toEqual(before);
  });

  async function planned(): Promise<string[]> {
    const { rows } = await core.ctx.db.execute<{ name: string }>(
      `select name from pg_prepared_statements where name like '%_search_%' order by prepare_time`,
    );
    return rows.map(({ name }) => name);
  }
});

describe.runIf(nativeUrl)('among 8,000 items', () => {
  const queries = generateQueries(40);
  beforeAll(async () => {
    const lines = (async function* () {
      let line = 0;
      for (const raw of generateItems(8_000))
        yield { line: ++line, raw: { ...raw, currency: 'EUR', price: '20', floor: '10' } };
    })();
    await core.ctx.inBulk((db) => importItems(db, lines));
    await core.ctx.inBulk((db) => embedItems(db, embedder));
    await database.query('analyze');
  }, 300_000);

  /** Vectors that this one connection of core has read so far. */
  async function vectorsRead(): Promise<number> {
    await core.ctx.db.execute('select pg_stat_force_next_flush()');
    const [row] = await database.query(`select (seq_tup_read + idx_tup_fetch)::int as read
      from pg_stat_user_tables where relname = 'item_vectors'`);
    return row.read;
  }

  test.each([
    ['nothing', {}],
    ['a currency that nearly all have', { currency: 'EUR' }],
    ['what all of them have', { currency: 'EUR', maxPrice: 100 }],
    ['an attribute that few have', { attributes: [{ name: 'country', value: 'Japan' }] }],
    ['what nothing has', { attributes: [{ name: 'country', value: 'Nowhere' }] }],
  ])('a search by %s reads few vectors', async (_what, filters) => {
    const query = await ask('a warm beach', { filters });
    await findItems(core.ctx.db, query);
    const before = await vectorsRead();
    await findItems(core.ctx.db, query);
    expect((await vectorsRead()) - before).toBeLessThan(1_000);
  });

  test('the value of a filter is folded once, not for each item', async () => {
    const filters = { attributes: [{ name: 'country', value: 'Japan' }] };
    const query = await ask('a warm beach', { filters });
    await core.ctx.db.execute(`set track_functions = 'all'`);
    await findItems(core.ctx.db, query);
    await core.ctx.db.execute('reset track_functions');
    await core.ctx.db.execute('select pg_stat_force_next_flush()');
    const [row] = await database.query(
      `select calls::int from pg_stat_user_functions where funcname = 'fold_attributes'`,
    );
    // For each of its two forms, in each of the places that compare it.
    expect(row.calls).toBeGreaterThan(0);
    expect(row.calls).toBeLessThan(20);
  });

  test.each([
    ['all of them', {}],
    ['more than are compared one by one', { currency: 'EUR' }],
    ['few', { attributes: [{ name: 'country', value: 'Japan' }] }],
  ])('the nearest are found among %s', async (_what, filters) => {
    const nearest = async (text: string) => {
      const query = await ask(text, { filters, limit: 10 });
      return (await findItems(core.ctx.db, { ...query, text: '' })).map(({ id }) => id);
    };
    let found = 0;
    for (const text of queries) {
      const ids = await nearest(text);
      // The plan that is kept would go on using it.
      await core.ctx.db.execute('set enable_indexscan = off; discard plans');
      const exact = await nearest(text);
      await core.ctx.db.execute('reset enable_indexscan; discard plans');
      found += exact.filter((id) => ids.includes(id)).length / exact.length;
    }
    expect(found / queries.length).toBeGreaterThan(0.95);
  });
});
