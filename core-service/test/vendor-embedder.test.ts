/** Mistral's embeddings by the real client, from the offline model: in bulk, and for a query. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createOfflineMistral } from '../../dev/offline-mistral/server.ts';
import { readConfig } from '../src/config.ts';
import { createModels } from '../src/context.ts';
import { embedItems } from '../src/inventory/embed-items.ts';
import type { Embedder } from '../src/llm/embedder.ts';
import { createMistralEmbedder } from '../src/llm/mistral-embedder.ts';
import type { Wait } from '../src/llm/patient-embedder.ts';
import { createLogger } from '../src/logger.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';

const logger = createLogger({ level: 'silent', service: 'test' });
const noSignal = new AbortController().signal;

let vendor: ReturnType<typeof createOfflineMistral>;
let vendorUrl: string;
beforeEach(async () => {
  vendor = createOfflineMistral({ delayMs: 0 });
  vendorUrl = await vendor.listen({ host: '127.0.0.1', port: 0 });
  return () => vendor.close();
});

const env = (more: Readonly<Record<string, string>> = {}) => ({
  DATABASE_URL: 'postgres://unused',
  PRICING_SECRET: 'the same secret in each test',
  MISTRAL_API_KEY: 'some-key',
  MISTRAL_SERVER_URL: vendorUrl,
  MISTRAL_EMBED_CALLS_PER_SECOND: '1000',
  ...more,
});
const create = async (more?: Readonly<Record<string, string>>): Promise<Embedder> =>
  (await createModels(readConfig(env(more)), logger)).embedder;
const setFault = (fault: string, times: number) =>
  vendor.inject({ method: 'PUT', url: '/__fault', payload: { fault, times } });
/** The texts of each call that arrived. */
async function calls(): Promise<string[][]> {
  const { requests } = (await vendor.inject('/__requests')).json();
  return requests.map(({ body }: any) => body.inputs ?? body.input);
}
const VECTOR = Array.from({ length: 1_024 }, () => 0.5);
const texts = (count: number) => Array.from({ length: count }, (_, i) => `text ${i}`);

describe('many texts', () => {
  test('go in batches, and come back in their order', async () => {
    const embedder = await create();
    const vectors = await embedder.embed(texts(150));
    expect((await calls()).map((batch) => batch.length)).toEqual([64, 64, 22]);
    expect(vectors).toHaveLength(150);
    expect(vectors[149]).toEqual((await embedder.embed(['text 149']))[0]);
  });

  test('that are long go in smaller ones', async () => {
    const long = Array.from({ length: 10 }, (_, i) => `${i} ${'x'.repeat(9_998)}`);
    await (await create()).embed(long);
    const batches = await calls();
    expect(batches.flat()).toEqual(long);
    expect(Math.max(...batches.map((batch) => batch.join('').length))).toBeLessThanOrEqual(24_000);
    const wide = Array.from({ length: 4 }, (_, i) => `${i} ${'京'.repeat(3_998)}`);
    await (await create()).embed(wide);
    expect((await calls()).slice(batches.length).map((batch) => batch.length)).toEqual([2, 2]);
  });

  test('are asked for at no higher rate than allowed', async () => {
    const embedder = await create({ MISTRAL_EMBED_CALLS_PER_SECOND: '2' });
    const started = Date.now();
    await embedder.embed(texts(64 * 5));
    // Two at once, two in the second second, the last in the third.
    expect(Date.now() - started).toBeGreaterThan(1_000);
    expect(await calls()).toHaveLength(5);
  });

  test.each(['429', '500', 'truncated'])(
    'are asked for again after %s, and only those of that batch',
    async (fault) => {
      const embedder = await create();
      await setFault(fault, 2);
      const vectors = await embedder.embed(texts(100));
      expect(vectors).toHaveLength(100);
      expect((await calls()).map((batch) => batch.length)).toEqual([64, 64, 64, 36]);
    },
  );

  test.each([
    ['wrong_dims', 'vector 0 has 512 dimensions, not 1024'],
    ['nan_embedding', 'vector 0 has something else than a number in it'],
    ['too_few', 'the answer has 63 vectors for 64 texts'],
    ['other_model', 'the answer is of another-embed, not of mistral-embed'],
  ])('%s fails at once, and is named', async (fault, words) => {
    const embedder = await create();
    await setFault(fault, 1_000);
    const named = { name: 'EmbeddingError', message: words };
    await expect(embedder.embed(texts(100))).rejects.toMatchObject(named);
    expect(await calls()).toHaveLength(1);
  });

  test('an answer that is no JSON is asked for once more, and then named', async () => {
    const embedder = await create();
    await setFault('malformed', 1);
    expect(await embedder.embed(texts(100))).toHaveLength(100);
    expect(await calls()).toHaveLength(3);
    await setFault('malformed', 1_000);
    const named = { name: 'EmbeddingError', message: 'the answer is no JSON: it is cut off' };
    await expect(embedder.embed(texts(100))).rejects.toMatchObject(named);
    expect(await calls()).toHaveLength(5);
  });

  test('an answer that breaks off is asked for four times in all, and then named', async () => {
    const embedder = await create();
    await setFault('truncated', 1_000);
    const named = { name: 'EmbeddingError', message: /^the answer broke off \([A-Z_]+\)$/ };
    const failed = await embedder.embed(texts(100)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ ...named, message: expect.stringMatching(named.message) });
    expect((await calls()).map((batch) => batch.length)).toEqual([64, 64, 64, 64]);
  });

  test.each([
    ['text/html', '<html>Sign in</html>', 'the answer is no JSON: it is an HTML page', 2],
    ['application/json', '{"data":[{"embedding":[NaN]}]}', /no JSON: it has NaN/, 2],
    ['application/json', 'x'.repeat(9_000_000), 'the answer is too large', 2],
    ['text/html', '{"data":"none"}', 'the answer has no vectors', 1],
    ['application/json', JSON.stringify({ data: [{ embedding: VECTOR }] }), 'lacks a field', 1],
  ])(
    'of success as %s that begins with %.30s fails soon, and is named',
    async (type, body, words, count) => {
      let asked = 0;
      const other = createServer((_request, response) => {
        asked += 1;
        response.writeHead(200, { 'content-type': type }).end(body);
      }).listen(0, '127.0.0.1');
      onTestFinished(() => void other.close());
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const embedder = await create({ MISTRAL_SERVER_URL: `http://127.0.0.1:${port}` });
      await expect(embedder.embed(['a desk'])).rejects.toThrow(words);
      expect(asked).toBe(count);
    },
  );

  test('are asked for again as long as the vendor wants, which is told once, and then left', async () => {
    let asked = 0;
    const busy = createServer((_request, response) => {
      asked += 1;
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '4800' });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void busy.close());
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const { model } = readConfig(env({ MISTRAL_SERVER_URL: `http://127.0.0.1:${port}` }));
    const waits: Wait[] = [];
    const embedder = createMistralEmbedder(model!, 'mistral-embed', {
      onWait: (wait) => waits.push(wait),
      maxWaitMs: 5,
      maxWaitsMs: 10,
    });
    const named = {
      name: 'EmbeddingError',
      message: 'it asks to be left alone for 4800 s more (429), which is not waited for',
    };
    await expect(embedder.embed(texts(2))).rejects.toMatchObject(named);
    expect(asked).toBe(3);
    expect(waits).toEqual([{ status: 429, askedMs: 4_800_000 }]);
  });

  test('each get the vector of their own, in whichever order these come', async () => {
    const embedder = await create();
    const expected = await embedder.embed(texts(100));
    await setFault('shuffled', 2);
    expect(await embedder.embed(texts(100))).toEqual(expected);
  });

  test('are not asked for again when the key is refused', async () => {
    const embedder = await create();
    await setFault('401', 1_000);
    await expect(embedder.embed(texts(100))).rejects.toMatchObject({ statusCode: 401 });
    expect(await calls()).toHaveLength(1);
  });

  test('are waited for no longer than their caller does', async () => {
    const embedder = await create();
    await setFault('hanging', 1_000);
    const leaving = new AbortController();
    const asked = embedder.embed(texts(2), leaving.signal);
    asked.catch(() => undefined);
    await expect.poll(calls).toHaveLength(1);
    leaving.abort();
    await expect(asked).rejects.toThrow('abort');
    expect(await calls()).toHaveLength(1);
  });
});

describe('a query', () => {
  test('is embedded once', async () => {
    const embedder = await create();
    const first = await embedder.embedQuery('a desk', noSignal);
    expect(await embedder.embedQuery('a desk', noSignal)).toBe(first);
    await embedder.embedQuery('a lamp', noSignal);
    expect(await calls()).toEqual([['a desk'], ['a lamp']]);
  });

  test('is not remembered by another model', async () => {
    await (await create()).embedQuery('a desk', noSignal);
    await (await create({ MISTRAL_EMBED_MODEL: 'other' })).embedQuery('a desk', noSignal);
    expect(await calls()).toHaveLength(2);
  });

  test('is remembered, but not for ever', async () => {
    const embedder = await create();
    for (const query of texts(1_001)) await embedder.embedQuery(query, noSignal);
    await embedder.embedQuery('text 1000', noSignal);
    expect(await calls()).toHaveLength(1_000);
    await embedder.embedQuery('text 0', noSignal);
    const { requests } = (await vendor.inject('/__requests')).json();
    expect(requests.at(-1).body.inputs ?? requests.at(-1).body.input).toEqual(['text 0']);
  });

  test('that failed is not remembered, nor tried twice', async () => {
    const embedder = await create();
    await setFault('500', 1);
    await expect(embedder.embedQuery('a desk', noSignal)).rejects.toThrow('500');
    expect(await calls()).toHaveLength(1);
    expect(await embedder.embedQuery('a desk', noSignal)).toHaveLength(1_024);
  });

  test('is not sent after five failures in a row; callers who leave do not count', async () => {
    const embedder = await create();
    await setFault('hanging', 5);
    for (let i = 1; i <= 5; i++) {
      const leaving = new AbortController();
      const asked = embedder.embedQuery('a desk', leaving.signal);
      asked.catch(() => undefined);
      await expect.poll(calls).toHaveLength(i);
      leaving.abort();
      await expect(asked).rejects.toThrow('the caller went away');
    }
    await setFault('500', 1_000);
    for (let i = 0; i < 8; i++) {
      await expect(embedder.embedQuery('a desk', noSignal)).rejects.toThrow(/500|circuit/);
    }
    expect(await calls()).toHaveLength(10);
  });
});

describe('items', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase();
    for (let i = 0; i < 100; i++) {
      await addItem(database, { id: `desk-${i}`, base: 2, floor: 1, description: `Text ${i}.` });
    }
  });
  afterAll(() => database.close());

  test('that were embedded before it was cut off are not embedded again', async () => {
    const core = await startCore(database, { env: env({ DATABASE_URL: database.url }) });
    onTestFinished(() => core.close());
    const { db, embedder } = core.ctx;
    const stop = new AbortController();
    const cut = embedItems(db, embedder, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(cut).rejects.toThrow('aborted');
    expect(await embedItems(db, embedder)).toMatchObject({ count: 36 });
    expect(await embedItems(db, embedder)).toMatchObject({ count: 0 });
    const sent = (await calls()).flat();
    expect(sent).toHaveLength(100);
    expect(new Set(sent).size).toBe(100);
    expect(sent[0]).not.toMatch(/0\.0[12]|price|floor/);
  });
});
