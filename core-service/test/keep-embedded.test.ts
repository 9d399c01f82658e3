/** Items that were left without a vector, embedded by the core that runs. */
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { DomainError } from '../src/errors.ts';
import { keepEmbedded } from '../src/inventory/keep-embedded.ts';
import type { Embedder } from '../src/llm/embedder.ts';
import { createLocalEmbedder, EmbeddingError, traced } from '../src/llm/embedder.ts';
import { createLogger } from '../src/logger.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, eventually, startCore, startDatabase } from './core-harness.ts';

const local = createLocalEmbedder();

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database);
});
afterEach(() => database.query('delete from inventory_items'));
afterAll(async () => {
  await core.close();
  await database.close();
});

async function addItems(count: number, model?: string): Promise<void> {
  for (let i = 0; i < count; i++) {
    const id = `${model ? 'old' : 'new'}-${i}`;
    await addItem(database, { id, base: 5_000, floor: 4_000, description: `Number ${i}.` });
  }
  if (model === undefined) return;
  await database.query(
    `insert into item_vectors select $1, id, array_fill(0.1, array[1024])::vector from inventory_items`,
    [model],
  );
}

/** @param embedder counts what it is asked */
function keep(embedder: Embedder = local) {
  const lines: any[] = [];
  const logger = createLogger(
    { level: 'info', service: 'aura-core' },
    { write: (line) => void lines.push(JSON.parse(line)) },
  );
  const asked: string[] = [];
  const counting = traced('test', {
    model: embedder.model,
    embed: (texts, signal) => {
      asked.push(...texts);
      return embedder.embed(texts, signal);
    },
  });
  const stop = keepEmbedded({ ...core.ctx, embedder: counting, logger }, 20);
  onTestFinished(stop);
  return { asked, stop, events: (name: string) => lines.filter(({ event }) => event === name) };
}

const models = async (): Promise<unknown[]> =>
  (
    await database.query(
      'select model from inventory_items left join item_vectors on item_id = id order by id',
    )
  ).map(({ model }) => model);

test('embeds what has no vector, also what comes later, and never touches another vector', async () => {
  await addItems(2, local.model);
  const vectors = () =>
    database.query(
      `select item_id, md5(embedding::text) from item_vectors where item_id like 'old%'`,
    );
  const before = await vectors();
  const { events } = keep();
  await addItems(3);
  await eventually(async () => expect(await models()).toEqual(Array(5).fill(local.model)));
  expect(await vectors()).toEqual(before);
  await eventually(async () => expect(events('items_embedded').length).toBeGreaterThan(0));
  expect(events('items_embedded')[0]).toMatchObject({ model: local.model });
  expect(events('inventory_of_another_embedder')).toEqual([]);
});

test('leaves an inventory of another embedder alone, and says so once', async () => {
  await addItems(2, 'mistral-embed');
  await addItems(1);
  const { asked, events } = keep();
  await eventually(async () => expect(events('inventory_of_another_embedder')).toHaveLength(1));
  expect(events('inventory_of_another_embedder')).toMatchObject([
    { level: 'warn', inventory_model: 'mistral-embed', core_model: local.model },
  ]);
  // An inventory that becomes ours is a sign that it has looked again.
  expect(await models()).toEqual([null, 'mistral-embed', 'mistral-embed']);
  expect(asked).toEqual([]);
  await database.query('update item_vectors set model = $1 where item_id like $2', [
    local.model,
    'old%',
  ]);
  await eventually(async () => expect(await models()).toEqual(Array(3).fill(local.model)));
  expect(events('inventory_of_another_embedder')).toHaveLength(1);
});

test('asks once for a text that is refused, and again when it has changed', async () => {
  await addItems(3);
  const refusing = traced('test', {
    model: local.model,
    embed: (texts, signal) =>
      texts.some((text) => text.includes('Number 1.'))
        ? Promise.reject(Object.assign(new Error('refused'), { statusCode: 400 }))
        : local.embed(texts, signal),
  });
  const { asked, events } = keep(refusing);
  await eventually(async () => expect(events('items_embedded')).toHaveLength(1));
  const count = asked.length;
  await addItem(database, { id: 'later', base: 5_000, floor: 4_000, description: 'Later.' });
  await eventually(async () => expect(events('items_embedded')).toHaveLength(2));
  expect(asked).toHaveLength(count + 1);
  await database.query(
    `update inventory_items set description = 'Fine.', updated_at = now() where id = 'new-1'`,
  );
  await eventually(async () => expect(await models()).toEqual(Array(4).fill(local.model)));
});

test('two of them do no harm: each item has one vector', async () => {
  await addItems(150);
  const both = [keep(), keep()];
  await eventually(async () => expect(await models()).toEqual(Array(150).fill(local.model)));
  await Promise.all(both.map(({ stop }) => stop()));
  for (const { events } of both) expect(events('embedding_failed')).toEqual([]);
});

test.each([
  [
    'an answer that is no vectors',
    new EmbeddingError('the answer broke off (ECONNRESET)'),
    { error_type: 'EmbeddingError', reason: 'the answer broke off (ECONNRESET)' },
  ],
  [
    'a vendor that cannot be reached',
    new Error('their words', {
      cause: Object.assign(new Error('their words'), { code: 'ECONNREFUSED' }),
    }),
    { error_type: 'Error', reason: 'ECONNREFUSED' },
  ],
  [
    'a failure of the embedder as the import tells it',
    new DomainError('unavailable', 'EMBEDDER_FAILED', 'the embedder failed', {
      cause: Object.assign(new Error('their words'), { statusCode: 503 }),
    }),
    { error_type: 'Error', status_code: 503, reason: 'EMBEDDER_FAILED' },
  ],
])('tells what broke of %s', async (_what, error, told) => {
  await addItems(1);
  const failing = traced('test', { model: local.model, embed: () => Promise.reject(error) });
  const { stop, events } = keep(failing);
  await eventually(async () => expect(events('embedding_failed')).toHaveLength(1));
  await stop();
  expect(events('embedding_failed')).toMatchObject([told]);
  expect(JSON.stringify(events('embedding_failed'))).not.toContain('their words');
});

test('tells the status of a vendor that fails, and ends when it is stopped', async () => {
  await addItems(1);
  const failing = traced('test', {
    model: local.model,
    embed: () => Promise.reject(Object.assign(new Error('their words'), { statusCode: 503 })),
  });
  const { stop, events } = keep(failing);
  await eventually(async () => expect(events('embedding_failed')).toHaveLength(1));
  await stop();
  const [line] = events('embedding_failed');
  expect(line).toMatchObject({ level: 'warn', error_type: 'Error', status_code: 503 });
  expect(JSON.stringify(line)).not.toContain('their words');
});
