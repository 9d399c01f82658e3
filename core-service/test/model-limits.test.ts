/** What the model may cost, against the real client and the offline model. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';
import { startWithModel } from './model-harness.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(() => database.close());

const bidOf = (name: string) => ({
  itemId: 'desk',
  bidAmount: 1,
  agent: { did: `did:example:${name}` },
});

test.each(['AGENT_MINUTE', 'AGENT_DAY'])(
  'an agent that has used up its tokens (%s) hears the policy alone, and nobody else does',
  async (window) => {
    const limit = { [`MODEL_TOKENS_PER_${window}`]: '1' };
    const { core, seen } = await startWithModel(database, 'none', limit);
    for (let bids = 1; bids <= 3; bids++) {
      const answer = await core.negotiate(bidOf('eager'));
      expect(answer.countered?.humanMessage).toContain('899.');
    }
    await core.negotiate(bidOf('other'));
    expect((await seen()).requests).toHaveLength(2);
    const cap = window.toLowerCase();
    expect(core.events('llm_capped')).toMatchObject([{ cap }, { cap }]);
    expect(core.events('llm_decision_made')).toHaveLength(2);
    // It is no failure of the model's.
    expect(core.events('llm_failed')).toEqual([]);
    expect(core.ctx.chat?.circuit()).toBe('closed');
  },
);

test.each(['MINUTE', 'DAY'])('all agents together have a limit too (%s)', async (window) => {
  const limit = { [`MODEL_TOKENS_PER_${window}`]: '1' };
  const { core, seen } = await startWithModel(database, 'none', limit);
  for (const name of ['a', 'b', 'c']) await core.negotiate(bidOf(name));
  expect((await seen()).requests).toHaveLength(1);
  expect(core.events('llm_capped')).toHaveLength(2);
});

test('what is charged is what the model said that it used', async () => {
  const limit = { MODEL_TOKENS_PER_AGENT_MINUTE: '2000' };
  const { core, seen } = await startWithModel(database, 'none', limit);
  for (let bids = 1; bids <= 14; bids++) await core.negotiate(bidOf('counted'));
  const calls = (await seen()).requests.length;
  // About 270 tokens each.
  expect(calls).toBeGreaterThan(5);
  expect(calls).toBeLessThan(12);
});

test('calls that failed cost something, calls that the circuit kept away nothing', async () => {
  const limit = { MODEL_TOKENS_PER_AGENT_MINUTE: '2501' };
  const { core, seen } = await startWithModel(database, '500', limit);
  for (let bids = 1; bids <= 9; bids++) await core.negotiate(bidOf('unlucky'));
  expect((await seen()).requests).toHaveLength(5);
  // Five at 500 are below the limit, and the four after them were no calls.
  expect(core.events('llm_capped')).toEqual([]);
  expect(core.events('llm_failed')).toHaveLength(9);
});

test('no more calls at once than there are seats', async () => {
  const limit = { MODEL_CONCURRENCY: '2' };
  const { core, seen } = await startWithModel(database, 'hanging', limit);
  const waiting = ['a', 'b'].map((name) => core.negotiate(bidOf(name)));
  await vi.waitFor(async () => expect((await seen()).requests).toHaveLength(2), 30_000);
  expect((await core.negotiate(bidOf('c'))).result).toBe('countered');
  expect(core.events('llm_capped')).toMatchObject([{ cap: 'concurrency' }]);
  await Promise.all(waiting);
  expect((await seen()).requests).toHaveLength(2);
});
