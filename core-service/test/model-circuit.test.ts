import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TestDatabase } from './core-harness.ts';
import { addItem, eventually, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';
import { startWithModel } from './model-harness.ts';

const wish = { itemId: 'desk', bidAmount: 650, agent: { did: 'did:web:buyer.example' } };

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 67_891 });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => database.close());

const countSessions = async (): Promise<number> =>
  (await database.query('select count(*)::int n from negotiation_sessions'))[0].n;
test('a buyer who leaves ends the call to the model, and is not held against it', async () => {
  const { core, seen } = await startWithModel(database, 'hanging');
  const sessions = await countSessions();
  for (let calls = 1; calls <= 5; calls++) {
    const leaving = new AbortController();
    const left = faultOf(core.negotiate(wish, { signal: leaving.signal }));
    await eventually(async () => expect((await seen()).requests).toHaveLength(calls));
    leaving.abort();
    expect((await left).code).toBe('CANCELLED');
    await eventually(async () => expect((await seen()).aborted).toBe(calls));
  }
  expect(core.ctx.chat!.circuit()).toBe('closed');
  expect(core.events('llm_failed')).toEqual([]);
  await core.stop();
  expect(await countSessions()).toBe(sessions);
});

test.each(['500', 'no_tool'])('after five failures (%s) the model is left alone', async (fault) => {
  const { core, seen } = await startWithModel(database, fault);
  for (let bids = 1; bids <= 7; bids++) {
    expect((await core.negotiate(wish)).result).toBe('countered');
  }
  expect((await seen()).requests).toHaveLength(5);
  expect(core.events('llm_circuit_opened')).toHaveLength(1);
  await eventually(async () => expect(await core.health('model')).toBe('NOT_SERVING'));
  expect(await core.health('')).toBe('SERVING');
});

test('after a while one bid tries the model again, and only its answer closes the circuit', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { core, seen, setFault } = await startWithModel(database, '500');
  const healthy = () => core.ctx.chat!.circuit() !== 'open';
  for (let bids = 1; bids <= 5; bids++) await core.negotiate(wish);
  expect(healthy()).toBe(false);

  vi.setSystemTime(Date.now() + 10_001);
  await setFault('hanging');
  const leaving = new AbortController();
  const left = faultOf(core.negotiate(wish, { signal: leaving.signal }));
  await eventually(async () => expect((await seen()).requests).toHaveLength(6));
  leaving.abort();
  await left;
  await eventually(async () => expect(healthy()).toBe(false));
  await core.negotiate(wish);
  expect((await seen()).requests).toHaveLength(6);

  vi.setSystemTime(Date.now() + 10_001);
  await setFault('none');
  await core.negotiate(wish);
  expect((await seen()).requests).toHaveLength(7);
  expect(healthy()).toBe(true);
  expect(core.events('llm_circuit_closed')).toHaveLength(1);
});
