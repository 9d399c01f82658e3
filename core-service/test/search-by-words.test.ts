import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { embedItems } from '../src/inventory/embed-items.ts';
import { readSeed, seedInventory } from '../src/inventory/seed.ts';
import type { Embedder } from '../src/llm/embedder.ts';
import { createLocalEmbedder, traced } from '../src/llm/embedder.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const { model } = createLocalEmbedder();
const failing = traced('test', {
  model,
  embed: () => Promise.reject(new TypeError('fetch failed')),
});

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  const core = await startCore(database);
  await seedInventory(core.ctx.db, createLocalEmbedder(), await readSeed());
  await core.close();
});
afterAll(() => database.close());

async function startWith(embedder: Embedder): Promise<Core> {
  const core = await startCore(database, { overrides: { embedder } });
  onTestFinished(() => core.close());
  return core;
}

test('when the embedder fails, words are compared and the caller gets results', async () => {
  const core = await startWith(failing);
  const { results } = await core.search({ query: 'hostel in Bali, with hammocks', limit: 5 });
  expect(results[0]).toMatchObject({ itemId: 'hostel_beta', similarityScore: 0 });
  expect(results.length).toBeGreaterThan(1);
  expect(core.events('embedder_failed')).toMatchObject([
    { level: 'warn', error_type: 'TypeError' },
  ]);
  expect(core.events('embedder_failed')[0]).not.toHaveProperty('reason');
  expect(core.log()).not.toMatch(/hammocks|fetch failed/);
});

const UNUSABLE = 'a vector is zero or has numbers that are not finite';

test.each([
  ['too short', [[1, 2, 3]], 'a vector has 3 dimensions, not 1024'],
  ['zero', [Array.from({ length: 1024 }, () => 0)], UNUSABLE],
  ['not a number', [Array.from({ length: 1024 }, () => Number.NaN)], UNUSABLE],
  ['infinite', [Array.from({ length: 1024 }, () => Number.POSITIVE_INFINITY)], UNUSABLE],
  ['missing', [], 'the answer has 0 vectors for 1 texts'],
])(
  'a vector that is %s is as good as none, and the log says so',
  async (_name, vectors, reason) => {
    const broken = traced('test', { model, embed: () => Promise.resolve(vectors) });
    const core = await startWith(broken);
    const { results } = await core.search({ query: 'hostel in Bali' });
    expect(results[0]?.itemId).toBe('hostel_beta');
    expect(core.events('embedder_failed')).toMatchObject([
      { error_type: 'EmbeddingError', reason },
    ]);
  },
);

test.each([`'`, `a & b | !c:*`, `\\`, '" or 1=1 --', '(((', '%_', '😀 &amp; <b>', 'in the'])(
  'the words of %j are only words',
  async (query) => {
    const core = await startWith(failing);
    expect(Array.isArray((await core.search({ query })).results)).toBe(true);
  },
);

test('inactive items are not found by words either', async () => {
  const core = await startWith(failing);
  await database.query(`update inventory_items set active = false where id = 'hostel_beta'`);
  const { results } = await core.search({ query: 'Backpacker Hostel Beta', limit: 50 });
  expect(results.map(({ itemId }) => itemId)).not.toContain('hostel_beta');
});

test('a caller who leaves ends the embedding, and no fallback is counted', async () => {
  const leaving = new AbortController();
  const waiting = traced('test', {
    model,
    embed: (_texts, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        leaving.abort();
      }),
  });
  const core = await startWith(waiting);
  const fault = await faultOf(core.search({ query: 'Bali' }, { signal: leaving.signal }));
  expect(fault.code).toBe('CANCELLED');
  await core.close();
  expect(core.events('request_failed')).toMatchObject([{ level: 'info', reason: 'CANCELLED' }]);
  expect(core.events('embedder_failed')).toEqual([]);
});

test.each(['Sospirro', 'Kamogwa', 'Drifwood', 'Kreutzberg'])(
  'the misspelt %s is found by its letters alone',
  async (query) => {
    const core = await startWith(failing);
    const { results } = await core.search({ query, limit: 1 });
    expect(results[0]?.itemId).toMatch(/venice|kyoto|kohlanta|berlin/);
  },
);

test('a word too short, or one that no item is like, is not guessed at', async () => {
  const core = await startWith(failing);
  for (const query of ['spx', 'qqqqqqqq']) {
    expect(await core.search({ query })).toEqual({ results: [] });
  }
});

test('the stem of a word by another language counts only where the own one is unknown', async () => {
  const terms = { base: 200, floor: 100 };
  await addItem(database, { id: 'ten', name: 'Ten Ten Ten', ...terms });
  await addItem(database, { id: 'tent', name: 'Ridge', description: 'A tent.', ...terms });
  await addItem(database, { id: 'zelt', name: 'Zelt', ...terms });
  await database.query('refresh materialized view search_terms');
  const core = await startWith(failing);
  const find = async (query: string) =>
    (await core.search({ query, limit: 50 })).results.map(({ itemId }) => itemId);
  // Hungarian makes ten of a tent, and English leaves the German plural as it is.
  expect(await find('tent')).toContain('tent');
  expect(await find('tent')).not.toContain('ten');
  expect(await find('ten')).toContain('ten');
  expect(await find('Zelte')).toContain('zelt');
  expect(await find('zelten')).toContain('zelt');
});

test('a query that is asked again finds the same, by the stems that were remembered', async () => {
  const core = await startWith(failing);
  for (const query of ['Strandhäuser in Sylt', 'hostel, not in Bali', 'Kamogwa 京都']) {
    const first = await core.search({ query, limit: 50 });
    expect(first.results).not.toEqual([]);
    expect(await core.search({ query, limit: 50 })).toEqual(first);
  }
});

test('two tents among hotels are found before all of these', async () => {
  const tents = [
    ['tent_1', 'Linen Bell Tent', 'A tent of four metres for warm nights, with a stove and a rug.'],
    ['tent_2', 'Ridge Tent', 'Two poles and a sheet; nothing to break.'],
  ] as const;
  for (const [id, name, description] of tents) {
    await addItem(database, { id, name, description, base: 9_000, floor: 6_000 });
  }
  await database.query(`update inventory_items set active = false where id in ('tent', 'zelt')`);
  await database.query('refresh materialized view search_terms');
  const core = await startWith(createLocalEmbedder());
  await embedItems(core.ctx.db, core.ctx.embedder);
  const { results } = await core.search({ query: 'tent', limit: 2 });
  expect(results.map(({ itemId }) => itemId).toSorted()).toEqual(['tent_1', 'tent_2']);
});
