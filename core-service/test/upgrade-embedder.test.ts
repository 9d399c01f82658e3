/** A new embedder takes over an inventory while searches go on: of the release before, and by a reindex. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { migrateDatabase } from '../src/db/migrate.ts';
import { embedInventory } from '../src/inventory/embed-inventory.ts';
import { itemText } from '../src/inventory/item-text.ts';
import { keepEmbedded } from '../src/inventory/keep-embedded.ts';
import { readSeed, seedInventory } from '../src/inventory/seed.ts';
import type { Embedder } from '../src/llm/embedder.ts';
import { createLocalEmbedder, traced } from '../src/llm/embedder.ts';
import { FORMER_LOCAL_MODEL, LOCAL_EMBEDDING_MODEL } from '../src/llm/local-embedder.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, eventually, startCore, startDatabase } from './core-harness.ts';
import { startFormerDatabase } from './former-database.ts';

const query = 'cheap place near the beach in Bali';

/** Asks again and again, as buyers do. @returns ends it, with all the answers */
function keepAsking(core: Core) {
  const answers: { readonly best?: string; readonly score: number }[] = [];
  const over = new AbortController();
  const asked = (async () => {
    while (!over.signal.aborted) {
      const { results } = await core.search({ query, limit: 3 });
      const [first] = results;
      answers.push({
        ...(first && { best: first.itemId }),
        score: Math.max(0, ...results.map(({ similarityScore }) => similarityScore)),
      });
    }
  })();
  return async () => {
    over.abort();
    await asked;
    return answers;
  };
}

async function startFormerInventory(): Promise<TestDatabase> {
  const database = await startFormerDatabase('0008_same_in_filters');
  const former = createLocalEmbedder(FORMER_LOCAL_MODEL);
  const items = await readSeed();
  const texts = items.map((item) => itemText(item as unknown as Parameters<typeof itemText>[0]));
  const vectors = await former.embed(texts);
  const rows = items.map((item, i) => ({ ...item, embedding: JSON.stringify(vectors[i]) }));
  await database.query(
    `insert into inventory_items (id, name, description, base_price_minor, floor_price_minor,
       currency, attributes, embedding, embedding_model)
     select id, name, description, 200, 100, currency, attributes, embedding::vector, $2
     from jsonb_to_recordset($1::jsonb) as made (id text, name text, description text,
       currency text, attributes jsonb, embedding text)`,
    [JSON.stringify(rows), FORMER_LOCAL_MODEL],
  );
  return database;
}

const vectorsBy = (database: TestDatabase): Promise<any[]> =>
  database.query('select model, count(*)::int n from item_vectors group by 1 order by 1');

test('an inventory of the release before gets new vectors by itself, and searches go on', async () => {
  const database = await startFormerInventory();
  await migrateDatabase(database.url);
  const core = await startCore(database);
  onTestFinished(() => core.close());
  const stopAsking = keepAsking(core);
  await eventually(async () => {
    await core.search({ query });
    expect(core.events('search_completed').length).toBeGreaterThan(2);
  });
  expect(core.ctx.searched.by.model).toBe(FORMER_LOCAL_MODEL);
  onTestFinished(keepEmbedded(core.ctx, 20));
  await eventually(async () => expect(core.ctx.searched.by.model).toBe(LOCAL_EMBEDDING_MODEL));
  const answers = await stopAsking();
  // By meaning all the while: neither by words alone nor by nothing.
  for (const answer of answers) expect(answer).toMatchObject({ best: 'hostel_beta' });
  for (const { score } of answers) expect(score).toBeGreaterThan(0.3);
  expect(await vectorsBy(database)).toEqual([
    { model: FORMER_LOCAL_MODEL, n: 60 },
    { model: LOCAL_EMBEDDING_MODEL, n: 60 },
  ]);
  const progress = core.events('inventory_upgrading');
  expect(progress.at(-1)).toMatchObject({ model: LOCAL_EMBEDDING_MODEL, done: 60, of: 60 });
  expect(core.events('inventory_upgraded')).toHaveLength(1);
  expect(core.events('inventory_of_another_embedder')).toEqual([]);

  await database.query(`update inventory_embedder set since = since - interval '2 minutes'`);
  await eventually(async () =>
    expect(await vectorsBy(database)).toEqual([{ model: LOCAL_EMBEDDING_MODEL, n: 60 }]),
  );
  expect((await core.search({ query })).results[0]?.itemId).toBe('hostel_beta');
});

test('a reindex makes the vectors of another embedder beside those that are searched', async () => {
  const database = await startDatabase();
  onTestFinished(() => database.close());
  const local = createLocalEmbedder();
  const other = traced('test', { model: 'other-embed', embed: (texts) => local.embed(texts) });
  const core = await startCore(database, { overrides: { embedder: other } });
  onTestFinished(() => core.close());
  await seedInventory(core.ctx.db, local, await readSeed());
  await eventually(async () => expect(core.ctx.searched.by.model).toBe(local.model));
  const stopAsking = keepAsking(core);
  const halfway = new AbortController();
  const cut = embedInventory(core.ctx, {
    replacing: true,
    signal: halfway.signal,
    onProgress: () => halfway.abort(new Error('cut off')),
  });
  await cut.catch(() => undefined);
  // What was cut off has taken nothing over.
  expect(await database.query('select model from inventory_embedder')).toEqual([
    { model: local.model },
  ]);
  await embedInventory(core.ctx, { replacing: true });
  await eventually(async () => expect(core.ctx.searched.by.model).toBe('other-embed'));
  for (const answer of await stopAsking()) expect(answer.score).toBeGreaterThan(0.3);
});

/** The embedder of a vendor, which is another one by its name. */
const vendors = (model: string): Embedder =>
  traced('test', { model, embed: (texts) => createLocalEmbedder().embed(texts) });

test('cores that know two models go from one to the other and back, and searches go on', async () => {
  const database = await startDatabase();
  onTestFinished(() => database.close());
  const [blue, green] = [vendors('blue-embed'), vendors('green-embed')];
  const overrides = { embedder: green, previousEmbedder: blue };
  const core = await startCore(database, { overrides });
  onTestFinished(() => core.close());
  await seedInventory(core.ctx.db, blue, await readSeed());
  await eventually(async () => expect(core.ctx.searched.by.model).toBe('blue-embed'));
  const stopAsking = keepAsking(core);
  const stopKeeping = keepEmbedded(core.ctx, 20);
  onTestFinished(stopKeeping);

  await addItem(database, { id: 'between', base: 5_000, floor: 4_000 });
  await eventually(async () =>
    expect(await vectorsBy(database)).toEqual([{ model: 'blue-embed', n: 61 }]),
  );
  await embedInventory(core.ctx, { replacing: true });
  await eventually(async () => expect(core.ctx.searched.by.model).toBe('green-embed'));
  await addItem(database, { id: 'after', base: 5_000, floor: 4_000 });
  // The former ones stay as long as a core knows them, so that they can come back.
  await database.query(`update inventory_embedder set since = since - interval '2 minutes'`);
  await eventually(async () =>
    expect(await vectorsBy(database)).toEqual([
      { model: 'blue-embed', n: 61 },
      { model: 'green-embed', n: 62 },
    ]),
  );
  const back = { ...core.ctx, embedder: blue, previousEmbedder: green };
  await stopKeeping();
  // A core that is to go back keeps what it goes back to, though it has been a minute.
  const looks = vi.spyOn(back.db, 'execute');
  onTestFinished(keepEmbedded(back, 20));
  await eventually(async () => expect(looks.mock.calls.length).toBeGreaterThan(9));
  expect(await embedInventory(back, { replacing: true })).toMatchObject({ count: 1 });
  await eventually(async () => expect(core.ctx.searched.by.model).toBe('blue-embed'));
  for (const answer of await stopAsking()) expect(answer.score).toBeGreaterThan(0.3);
  expect(core.events('inventory_of_another_embedder')).toEqual([]);
  expect(core.events('embedder_failed')).toEqual([]);
});

test('a search that finds the vectors gone looks whose there are, and is answered', async () => {
  const database = await startDatabase();
  onTestFinished(() => database.close());
  const core = await startCore(database);
  onTestFinished(() => core.close());
  await seedInventory(core.ctx.db, core.ctx.embedder, await readSeed());
  core.ctx.searched.by = createLocalEmbedder(FORMER_LOCAL_MODEL);
  const { results } = await core.search({ query });
  expect(results[0]?.itemId).toBe('hostel_beta');
  expect(results[0]?.similarityScore).toBeGreaterThan(0.3);
});
