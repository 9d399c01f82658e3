/** What the model may cost, against the real client and the offline model. */
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { completeChat } from '../../dev/offline-mistral/chat.ts';
import type { ChatRequest } from '../../dev/offline-mistral/requests.ts';
import { takeTokens } from '../src/llm/budget-repository.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';
import { startWithModel } from './model-harness.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(() => database.close());
// The windows of the budgets end long after the tests, so that none of them sees two.
beforeEach(() => beginWindows('1 hour'));

/** Has nothing been taken of the budgets, in windows that begin so much later. */
async function beginWindows(later: string, tokens = 0): Promise<void> {
  await database.query('delete from model_budgets');
  await database.query(
    `insert into model_budgets select unnest(array['minute', 'day']), now() + $1::interval, $2::bigint`,
    [later, tokens],
  );
}

const bidOf = (name: string) => ({
  itemId: 'desk',
  bidAmount: 1,
  agent: { did: `did:example:${name}` },
});

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
/** What a call cost: the same question has the same answer each time. */
const tokensOf = (body: ChatRequest): number =>
  (completeChat(body, 'none') as { readonly usage: { readonly total_tokens: number } }).usage
    .total_tokens;

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

describe('all cores together', () => {
  /** Has each core bid as many times at once, in the name of an agent of its own each time. */
  async function bidAtOnce(cores: readonly Core[], times: number): Promise<void> {
    const bids = cores.flatMap((core, i) =>
      Array.from({ length: times }, (_, n) => core.negotiate(bidOf(`of-${i}-${n}`))),
    );
    for (const { result } of await Promise.all(bids)) expect(result).toBe('countered');
  }

  test.each(['MINUTE', 'DAY'])('spend one budget (%s), however many they are', async (window) => {
    const limits = { [`MODEL_TOKENS_PER_${window}`]: '6000' };
    const first = await startWithModel(database, 'none', limits);
    const second = await startWithModel(database, 'none', limits);
    const cores = [first.core, second.core];
    await bidAtOnce(cores, 20);
    await bidAtOnce(cores, 20);
    const calls = [...(await first.seen()).requests, ...(await second.seen()).requests];
    const spent = sumOf(calls.map(({ body }) => tokensOf(body)));
    expect(spent).toBeGreaterThan(3_000);
    // Each core may have begun its last call, of less than 500, when one token was left.
    expect(spent).toBeLessThan(6_000 + 2 * 500);
    for (const core of cores) {
      expect(core.events('llm_capped').at(-1)).toMatchObject({ cap: window.toLowerCase() });
    }
  });

  test('a core that starts again begins where the others are', async () => {
    const limits = { MODEL_TOKENS_PER_DAY: '1' };
    const before = await startWithModel(database, 'none', limits);
    await before.core.negotiate(bidOf('a'));
    expect((await before.seen()).requests).toHaveLength(1);
    await before.core.close();
    const after = await startWithModel(database, 'none', limits);
    await after.core.negotiate(bidOf('b'));
    expect((await after.seen()).requests).toEqual([]);
    expect(after.core.events('llm_capped')).toMatchObject([{ cap: 'day' }]);
  });

  test('begin anew with each window', async () => {
    await beginWindows('-1 day', 1_000_000_000);
    const { core, seen } = await startWithModel(database, 'none', { MODEL_TOKENS_PER_DAY: '1' });
    await core.negotiate(bidOf('a'));
    expect((await seen()).requests).toHaveLength(1);
  });

  test('get to the last token what is left, and no more', async () => {
    const { core } = await startWithModel(database, 'none');
    const wish = { budget: 'day', seconds: 86_400, limit: 700, wanted: 500 };
    const granted = async (): Promise<number> => (await takeTokens(core.ctx.db, wish)).granted;
    expect([await granted(), await granted(), await granted()]).toEqual([500, 200, 0]);
    const many = await Promise.all(
      Array.from({ length: 40 }, () => takeTokens(core.ctx.db, { ...wish, budget: 'minute' })),
    );
    expect(sumOf(many.map((each) => each.granted))).toBe(700);
  });

  test('ask nothing of the model while nobody knows what was spent; buyers hear the policy', async () => {
    await database.query('alter table model_budgets rename to model_budgets_gone');
    onTestFinished(async () => {
      await database.query('alter table model_budgets_gone rename to model_budgets');
    });
    const { core, seen } = await startWithModel(database, 'none');
    expect((await core.negotiate(bidOf('a'))).countered?.humanMessage).toContain('899.');
    expect((await seen()).requests).toEqual([]);
    const [line] = core.events('llm_capped');
    expect(line).toMatchObject({ cap: 'budget_unknown' });
    expect(line.err.message).toContain('model_budgets');
  });
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
