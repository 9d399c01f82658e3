/** Callers who come straight to core, more of them than it may have under way. */
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { ALWAYS_TAKEN } from '../src/admission.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const TOKEN = 'the seller of these tests';
const bid = { itemId: 'desk', bidAmount: 900, agent: { did: 'did:example:buyer' } };

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 100_000, floor: 60_000 });
});
afterAll(() => database.close());

/** Starts a core whose searches wait for their embedding until they are released. */
async function start(env: Readonly<Record<string, string>>) {
  const released = Promise.withResolvers<void>();
  const local = createLocalEmbedder();
  const asked = vi.fn<(query: string) => void>();
  const embedder = {
    ...local,
    embedQuery: async (query: string, signal: AbortSignal) => {
      asked(query);
      await Promise.race([released.promise, aborted(signal)]);
      return local.embedQuery(query, signal);
    },
  };
  const core = await startCore(database, {
    env: { ADMIN_TOKEN: TOKEN, ...env },
    overrides: { embedder },
  });
  onTestFinished(() => core.close());
  const hold = async (count: number) => {
    const held = Array.from({ length: count }, (_, i) => core.search({ query: `wish ${i}` }));
    const answers = Promise.allSettled(held);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(count), 30_000);
    return async () => {
      released.resolve();
      for (const each of await answers) expect(each.status).toBe('fulfilled');
    };
  };
  return { core, hold };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

const keysOf = async () =>
  (await database.query('select count(*)::int n from idempotency_keys'))[0].n as number;

test('the next one is refused with a time, its key is not taken, and the same bid is served later', async () => {
  const { core, hold } = await start({ MAX_IN_FLIGHT: '9' });
  const release = await hold(9);
  const refused = await faultOf(core.negotiate({ ...bid, requestId: 'one' }));
  expect(refused).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'OVERLOADED' });
  expect(refused.retryAfterSeconds).toBeGreaterThan(0);
  expect(await keysOf()).toBe(0);
  await release();
  expect(await core.negotiate({ ...bid, requestId: 'one' })).toHaveProperty('countered');
  expect(await keysOf()).toBe(1);
});

test('health checks and the seller are served all the same', async () => {
  const { core, hold } = await start({ MAX_IN_FLIGHT: '1' });
  const release = await hold(1);
  expect(await faultOf(core.negotiate(bid))).toMatchObject({ reason: 'OVERLOADED' });
  expect(await core.health('')).toBe('SERVING');
  const found = await core.inventory('GetItem', { itemId: 'desk' }, TOKEN);
  expect(found).toMatchObject({ item: { itemId: 'desk' } });
  await release();
});

test('a caller who leaves frees its place', async () => {
  const { core, hold } = await start({ MAX_IN_FLIGHT: '2' });
  const release = await hold(1);
  const leaving = new AbortController();
  const left = faultOf(core.search({ query: 'a wish' }, { signal: leaving.signal }));
  await vi.waitFor(async () => {
    expect(await faultOf(core.negotiate(bid))).toMatchObject({ reason: 'OVERLOADED' });
  }, 30_000);
  leaving.abort();
  expect(await left).toMatchObject({ code: 'CANCELLED' });
  await vi.waitFor(async () => {
    expect(await core.negotiate(bid)).toHaveProperty('countered');
  }, 30_000);
  await release();
});

test('the log tells of it once, and not of each', async () => {
  const { core, hold } = await start({ MAX_IN_FLIGHT: '1' });
  const release = await hold(1);
  for (let i = 0; i < 20; i++) await faultOf(core.negotiate(bid));
  expect(core.events('overload_began')).toEqual([
    expect.objectContaining({ level: 'warn', reason: 'in_flight', in_flight: 1 }),
  ]);
  expect(core.events('request_failed')).toEqual([]);
  await release();
});

/** Whoever holds the only connection makes the others wait. */
test('a queue that stands still before the database refuses some, and then none', async () => {
  // On a busy machine each turn of the event loop may come some ten milliseconds late.
  const { core } = await start({ MAX_QUEUE_DELAY_MS: '500', DATABASE_POOL_SIZE: '1' });
  const { db } = core.ctx;
  const [held, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = db.transaction(async (tx) => {
    held.resolve();
    const opened = open.promise.then(() => true);
    // The database ends a transaction that says nothing for two seconds.
    while (!(await Promise.race([opened, wait(500, false)]))) await tx.execute(sql`select 1`);
  });
  onTestFinished(() => open.resolve());
  await held.promise;
  const waiting = Array.from({ length: ALWAYS_TAKEN }, () => core.negotiate(bid));
  await vi.waitFor(async () => {
    const asked = core.negotiate(bid, { deadlineMs: 1_000 });
    expect(await faultOf(asked)).toMatchObject({ reason: 'OVERLOADED' });
    expect(core.events('overload_began')).toHaveLength(1);
  }, 30_000);
  expect(core.events('overload_began')[0]).toMatchObject({ reason: 'delay' });
  open.resolve();
  await holding;
  await Promise.all(waiting);
  // Each attempt waits until its last bid is answered: bids that it left behind would keep up the delay.
  const attempt = () => Array.from({ length: ALWAYS_TAKEN + 1 }, () => core.negotiate(bid));
  await vi.waitFor(
    async () => {
      for (const answer of await Promise.allSettled(attempt())) {
        expect(answer).toMatchObject({ value: { countered: expect.anything() } });
      }
    },
    { timeout: 30_000, interval: 250 },
  );
});
