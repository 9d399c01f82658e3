/** The seller's inventory over gRPC, as other programs of the seller use it. */
import type { InventoryItem } from '@aura/proto';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createLocalEmbedder, traced } from '../src/llm/embedder.ts';
import { LOCAL_EMBEDDING_MODEL } from '../src/llm/local-embedder.ts';
import type { Core, CoreOptions, TestDatabase } from './core-harness.ts';
import { eventually, nativeUrl, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const TOKEN = 'the-token-of-the-seller-alone';
const desk: InventoryItem = {
  itemId: 'desk',
  name: 'Desk',
  description: 'Wood.',
  price: '10.00',
  floor: '5.00',
  currencyCode: 'USD',
};

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await start();
});
afterEach(() => database.query('delete from inventory_items'));
afterAll(async () => {
  await core.close();
  await database.close();
});

const start = (options: CoreOptions = {}): Promise<Core> =>
  startCore(database, { ...options, env: { ADMIN_TOKEN: TOKEN, ...options.env } });
const stored = (): Promise<any[]> =>
  database.query(`select id, base_price_minor::int base, quantity, active, (select model from item_vectors where item_id = id) model
    from inventory_items order by id`);

const items = (...all: readonly Partial<InventoryItem>[]) =>
  all.map((item) => ({ item: { ...desk, ...item } }));
const named = (count: number, name: string) =>
  items(...Array.from({ length: count }, (_, i) => ({ itemId: `${name}${i}` })));
/** What imports have brought and not written yet: they stage 500 items at once. */
const staged = (): Promise<any[]> => database.query('select line from import_rows');
const importing = (requests: AsyncIterable<object> | Iterable<object>, at = core) =>
  at.inventoryStream('ImportItems', requests, TOKEN);
const importItems = (...all: readonly Partial<InventoryItem>[]) => importing(items(...all));

test('items are imported as a stream, and found', async () => {
  const answers = await importItems(
    { quantity: 3, attributesJson: '{"legs":4}', active: true, rounds: 8, beta: 0.5 },
    { itemId: 'lamp', name: 'Lamp', language: 'de', price: '1.234,50', active: false },
  );
  expect(answers).toEqual([
    { event: 'imported', imported: { added: 2, updated: 0, unchanged: 0, leftovers: [] } },
    { event: 'embedding', embedding: { done: 2, total: 2 } },
  ]);
  expect(await stored()).toMatchObject([
    { id: 'desk', base: 1_000, quantity: 3, active: true, model: LOCAL_EMBEDDING_MODEL },
    { id: 'lamp', base: 123_450, quantity: null, active: false, model: LOCAL_EMBEDDING_MODEL },
  ]);
  const found = await core.search({ query: 'desk' });
  expect(found.results.map(({ itemId }) => itemId)).toEqual(['desk']);
  expect(core.events('items_imported').at(-1)).toMatchObject({ added: 2 });
  expect(core.log()).not.toMatch(/Lamp|Wood/);
});

test('what an export left behind is imported, and told to the caller; the log has not the text', async () => {
  const [{ imported }] = await importItems(
    { description: 'Fine.' },
    { itemId: 'lamp', description: '<p>Bright</p>', attributesJson: '{"x":"{{y}}"}' },
  );
  expect(imported).toMatchObject({ added: 2 });
  expect(imported.leftovers).toEqual([
    { field: 'description', looksLike: 'HTML', firstItem: 2, items: 1, example: '<p>' },
    {
      field: 'attributes_json',
      looksLike: 'a mark of a template, which was not filled in',
      firstItem: 2,
      items: 1,
      example: '{{y}}',
    },
  ]);
  expect(core.events('leftovers_imported')).toEqual([
    expect.objectContaining({
      level: 'warn',
      column: 'description',
      looks_like: 'HTML',
      first_item: 2,
      items: 1,
    }),
    expect.objectContaining({ column: 'attributes', first_item: 2 }),
  ]);
  expect(core.log()).not.toContain('<p>');
});

test('what is absent stays as it is', async () => {
  await importItems({ quantity: 3, active: false });
  const [imported] = await importItems({ price: '12' });
  expect(imported.imported).toEqual({ added: 0, updated: 1, unchanged: 0, leftovers: [] });
  expect(await stored()).toMatchObject([{ base: 1_200, quantity: 3, active: false }]);
});

test('mistakes are named by item and field, and nothing is changed', async () => {
  await importItems({});
  const before = await stored();
  const fault = await faultOf(
    importItems(
      { price: '99' },
      { itemId: 'a lamp' },
      { itemId: 'lamp', currencyCode: 'ZZZ', attributesJson: '[' },
      { itemId: 'lamp', price: '1', floor: '2', margin: 2, marginAmount: '-1', discountCap: -1 },
    ),
  );
  expect(fault).toMatchObject({
    code: 'INVALID_ARGUMENT',
    fields: [
      'items[1].item_id',
      'items[2].currency_code',
      'items[2].attributes_json',
      'items[3].item_id',
      'items[3].margin',
      'items[3].discount_cap',
      'items[3].margin_amount',
      'items[3].floor',
    ],
  });
  expect(await stored()).toEqual(before);
  expect((await faultOf(importing([{}]))).fields).toContain('items[0].item_id');
});

test('of nothing nothing is made', async () => {
  const [imported] = await importing([]);
  expect(imported.imported).toEqual({ added: 0, updated: 0, unchanged: 0, leftovers: [] });
});

test('an import whose sender goes away changes nothing', async () => {
  const leaving = new AbortController();
  const gone = core.inventoryStream(
    'ImportItems',
    (async function* () {
      yield* named(600, 'lamp');
      await eventually(async () => expect(await staged()).toHaveLength(500));
      leaving.abort();
      yield* [];
    })(),
    TOKEN,
    leaving.signal,
  );
  expect((await faultOf(gone)).code).toBe('CANCELLED');
  await eventually(async () => {
    expect(core.events('request_failed').at(-1)).toMatchObject({
      method: 'ImportItems',
      reason: 'CANCELLED',
    });
  });
  expect(await stored()).toEqual([]);
});

test.runIf(nativeUrl)('an import outlives the session that it began in', async () => {
  const [imported] = await importing(
    (async function* () {
      yield* named(600, 'before');
      await eventually(async () => {
        const [backend] = await database.query(`select pg_terminate_backend(pid) as is_gone
          from pg_stat_activity where query ~ 'import_' and pid <> pg_backend_pid()`);
        expect(backend).toMatchObject({ is_gone: true });
      });
      yield* named(600, 'after');
    })(),
  );
  expect(imported.imported).toMatchObject({ added: 1_200 });
  expect(await staged()).toEqual([]);
});

test('a database that crashes while an import is read: it is said, and nothing is changed', async () => {
  const lost = importing(
    (async function* () {
      yield* named(600, 'before');
      await eventually(async () => expect(await staged()).toHaveLength(500));
      // Postgres does so to unlogged tables.
      await database.query('truncate import_rows');
      yield* named(600, 'after');
    })(),
  );
  expect((await faultOf(lost)).code).toBe('UNAVAILABLE');
  expect(await stored()).toEqual([]);
  expect(await staged()).toEqual([]);
});

test('a cell of any length is told of in short, and the connection stays', async () => {
  const long = Array.from({ length: 150 }, () => ({ currencyCode: '€'.repeat(5_000) }));
  const [fault, found] = await Promise.all([
    faultOf(importItems(...long)),
    core.search({ query: 'desk' }),
  ]);
  expect(fault.code).toBe('INVALID_ARGUMENT');
  expect(fault.message).toBe('299 mistakes in the items; nothing was changed');
  expect(fault.fields).toHaveLength(20);
  expect(found.results).toEqual([]);
});

test('what is exported can be imported again', async () => {
  await importItems(
    {
      quantity: 0,
      attributesJson: '{"a":["b",1,true]}',
      rounds: 1,
      bucketRatio: 0.5,
      margin: 0,
      marginAmount: '1.05',
      discountCap: 0.4,
      priceEnding: '5',
      dailyConcession: '200.50',
      draftAbove: '0.00',
      highValue: '5000.00',
      tellsRounds: false,
    },
    { itemId: 'lamp', language: 'und', active: false, beta: 0.1, openingRatio: 0.9 },
  );
  const exported = await core.inventoryStream('ExportItems', [{}], TOKEN);
  expect(exported.map(({ item }) => item)).toMatchObject([
    {
      itemId: 'desk',
      price: '10.00',
      floor: '5.00',
      quantity: 0,
      rounds: 1,
      margin: 0,
      marginAmount: '1.05',
      discountCap: 0.4,
      dailyConcession: '200.50',
      draftAbove: '0.00',
      highValue: '5000.00',
      tellsRounds: false,
    },
    { itemId: 'lamp', language: 'und', active: false, beta: 0.1, openingRatio: 0.9 },
  ]);
  const [again] = await importing(exported);
  expect(again.imported).toEqual({ added: 0, updated: 0, unchanged: 2, leftovers: [] });
  await importItems({ itemId: 'lamp', quantity: 5, rounds: 7, active: false, language: 'und' });
  const [restored] = await importing(exported);
  expect(restored.imported).toEqual({ added: 0, updated: 1, unchanged: 1, leftovers: [] });
  expect(await core.inventoryStream('ExportItems', [{}], TOKEN)).toEqual(exported);
});

test('items are looked at, and taken off sale, all or none', async () => {
  await importItems({}, { itemId: 'lamp' });
  const { item } = await core.inventory('GetItem', { itemId: 'desk' }, TOKEN);
  expect(item).toMatchObject({ ...desk, active: true });
  expect((await faultOf(core.inventory('GetItem', { itemId: 'x' }, TOKEN))).code).toBe('NOT_FOUND');

  const off = { itemIds: ['desk', 'lamp'], active: false };
  await core.inventory('SetItemsActive', off, TOKEN);
  expect((await stored()).map(({ active }) => active)).toEqual([false, false]);
  const unknown = core.inventory('SetItemsActive', { itemIds: ['desk', 'x'], active: true }, TOKEN);
  expect((await faultOf(unknown)).code).toBe('NOT_FOUND');
  expect((await stored()).map(({ active }) => active)).toEqual([false, false]);
});

test('an embedder that fails leaves the items, and reindexing goes on from there', async () => {
  let calls = 0;
  const local = createLocalEmbedder();
  const failing = traced('test', {
    model: local.model,
    embed: (texts, signal) => {
      if (++calls === 2) return Promise.reject(new Error('down'));
      return local.embed(texts, signal);
    },
  });
  const other = await start({ overrides: { embedder: failing } });
  onTestFinished(() => other.close());
  const many = Array.from({ length: 100 }, (_, i) => ({ itemId: `desk-${i}`, name: `Desk ${i}` }));
  const fault = await faultOf(importing(items(...many), other));
  expect(fault).toMatchObject({ code: 'UNAVAILABLE', reason: 'EMBEDDER_FAILED' });
  const isEmbedded = (await stored()).map((item) => item.model !== null);
  expect(isEmbedded.filter(Boolean)).toHaveLength(64);
  expect(isEmbedded).toHaveLength(100);
  const progress = await core.inventoryStream('ReindexItems', [{}], TOKEN);
  expect(progress).toEqual([{ embedding: { done: 36, total: 36 } }]);
});

describe('who may', () => {
  test.each(['', 'the token of the seller alon', `${TOKEN} `])('not with %j', async (token) => {
    const calls = [
      core.inventoryStream('ImportItems', items({}), token),
      core.inventoryStream('ExportItems', [{}], token),
      core.inventoryStream('ReindexItems', [{}], token),
      core.inventory('GetItem', { itemId: 'desk' }, token),
      core.inventory('SetItemsActive', { itemIds: ['desk'] }, token),
    ];
    for (const call of calls) expect((await faultOf(call)).code).toBe('UNAUTHENTICATED');
    expect(await stored()).toEqual([]);
    expect(core.log()).not.toContain(TOKEN);
  });

  test('nobody where there is no token', async () => {
    const closed = await startCore(database);
    onTestFinished(() => closed.close());
    const call = closed.inventoryStream('ImportItems', items({}), '');
    expect((await faultOf(call)).code).toBe('UNIMPLEMENTED');
  });
});

test.each([
  ['GetItem', { itemId: '' }, 'item_id'],
  ['SetItemsActive', { itemIds: [] }, 'item_ids'],
  ['SetItemsActive', { itemIds: ['a desk'] }, 'item_ids'],
  ['SetItemsActive', { itemIds: Array.from({ length: 1_001 }, () => 'desk') }, 'item_ids'],
] as const)('%s %j: the field is named', async (method, request, field) => {
  const fault = await faultOf(core.inventory(method, request, TOKEN));
  expect([fault.code, fault.fields]).toEqual(['INVALID_ARGUMENT', [field]]);
});
