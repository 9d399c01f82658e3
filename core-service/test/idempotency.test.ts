/** One key, one answer: repeated, raced, died over and taken over. */
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
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';
import type { Bid } from './grpc-client.ts';
import { faultOf } from './grpc-client.ts';
import { startWithModel } from './model-harness.ts';

const agent = { did: 'did:web:buyer.example' };
const wish = { requestId: 'key-1', itemId: 'desk', bidAmount: 650, agent };
const IN_USE = { code: 'ABORTED', reason: 'IDEMPOTENCY_KEY_IN_USE' };
const REUSED = { code: 'FAILED_PRECONDITION', reason: 'IDEMPOTENCY_KEY_REUSED' };

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  core = await startCore(database);
});
beforeEach(() =>
  database.query('truncate idempotency_keys, reservations, negotiation_sessions cascade'),
);
afterAll(async () => {
  await core.close();
  await database.close();
});

const bid = (more: Partial<Bid> = {}) => core.negotiate({ ...wish, ...more });
/** Rows of each table. */
async function written(): Promise<Record<string, number>> {
  const [row] = await database.query(
    `select (select count(*)::int from idempotency_keys) as keys,
       (select count(*)::int from negotiation_sessions) as sessions,
       (select count(*)::int from negotiation_rounds) as rounds,
       (select count(*)::int from reservations) as reservations`,
  );
  return row;
}

describe('a repeated request', () => {
  test('gets the answer it got, and is no round', async () => {
    const first = await bid();
    expect(first.result).toBe('countered');
    expect(await bid()).toEqual(first);
    const second = await startCore(database);
    onTestFinished(() => second.close());
    expect(await second.negotiate(wish)).toEqual(first);
    expect(await written()).toEqual({ keys: 1, sessions: 1, rounds: 1, reservations: 0 });
    expect(core.events('answer_replayed')).toHaveLength(1);
  });

  test('opens no second haggle: the token is the same, works, and is stored nowhere', async () => {
    const { sessionToken } = await bid();
    expect((await bid()).sessionToken).toBe(sessionToken);
    const next = await bid({ requestId: 'key-2', sessionToken });
    expect(next.countered!.proposedPrice).toBeLessThan(900);
    expect(await written()).toEqual({ keys: 2, sessions: 1, rounds: 2, reservations: 0 });
    for (const table of ['idempotency_keys', 'negotiation_sessions']) {
      const rows = JSON.stringify(await database.query(`select * from ${table}`));
      expect(rows).not.toContain(sessionToken);
    }
    expect(core.log()).not.toContain(sessionToken);
  });

  test('of a deal is one deal', async () => {
    const deal = await bid({ bidAmount: 900 });
    expect(deal.accepted?.finalPrice).toBe(900);
    expect(await bid({ bidAmount: 900 })).toEqual(deal);
    expect(await written()).toEqual({ keys: 1, sessions: 1, rounds: 1, reservations: 1 });
  });

  test('that was turned away is turned away the same', async () => {
    const lost = { itemId: 'no-such-item' };
    const answer = await bid(lost);
    expect(answer.rejected?.reasonCode).toBe('ITEM_NOT_FOUND');
    expect(await bid(lost)).toEqual(answer);
  });

  test('after a day is a new one', async () => {
    const first = await bid();
    await database.query('update idempotency_keys set expires_at = now()');
    const later = await bid({ bidAmount: 651 });
    expect(later.sessionToken).not.toBe(first.sessionToken);
    expect(await written()).toMatchObject({ keys: 1, sessions: 2 });
  });
});

test('each agent has keys of its own, and no key is no key', async () => {
  const first = await bid();
  const other = await bid({ agent: { did: 'did:web:other.example' } });
  expect(other.sessionToken).not.toBe(first.sessionToken);
  await bid({ requestId: '' });
  await bid({ requestId: '' });
  expect(await written()).toEqual({ keys: 2, sessions: 4, rounds: 4, reservations: 0 });
});

test.each([
  ['another amount', { bidAmount: 651 }],
  ['another item', { itemId: 'lamp' }],
  ['a currency', { currencyCode: 'USD' }],
  ['a token', { sessionToken: 'sess_0123456789abcdef' }],
])('a key that was used is refused with %s', async (_what, more) => {
  const first = await bid();
  expect(await faultOf(bid(more))).toMatchObject(REUSED);
  expect(await bid()).toEqual(first);
  expect(await written()).toMatchObject({ keys: 1, rounds: 1 });
});

test.each([
  ['a bid with too many decimals', { bidAmount: 650.001 }],
  ['another currency', { currencyCode: 'EUR' }],
  ['no amount', { bidAmount: 0 }],
  ['no agent', { agent: null }],
])('nothing is stored for %s, and the key is free', async (_what, more) => {
  expect((await faultOf(bid(more))).code).toBe('INVALID_ARGUMENT');
  expect(await written()).toEqual({ keys: 0, sessions: 0, rounds: 0, reservations: 0 });
  expect((await bid()).result).toBe('countered');
});

test('of 100 at once one is answered and the others hear the same, or to wait', async () => {
  const { core: asking, seen } = await startWithModel(database, 'none');
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, () => asking.negotiate(wish)),
  );
  const answers = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(answers.length).toBeGreaterThan(0);
  expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
  const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  const codes = await Promise.all(
    refused.map(async (reason) => (await faultOf(Promise.reject(reason))).code),
  );
  // The embedded database has one connection, for which some wait too long.
  const allowed = nativeUrl ? ['ABORTED'] : ['ABORTED', 'UNAVAILABLE'];
  expect(codes.filter((code) => !allowed.includes(String(code)))).toEqual([]);
  expect((await seen()).requests).toHaveLength(1);
  expect(await written()).toEqual({ keys: 1, sessions: 1, rounds: 1, reservations: 0 });
});

describe('while it is answered', () => {
  /** A bid that waits for a model that never answers, until its budget ends. */
  async function pending() {
    const { core: asking, seen } = await startWithModel(database, 'hanging');
    const leaving = new AbortController();
    const answer = asking.negotiate(wish, { signal: leaving.signal });
    answer.catch(() => undefined);
    await vi.waitFor(async () => expect((await seen()).requests).toHaveLength(1), 30_000);
    return { answer, asking, leave: () => leaving.abort() };
  }

  test('another one with the key is told so, by any replica; then it gets the answer', async () => {
    const { answer, asking } = await pending();
    expect(await faultOf(asking.negotiate(wish))).toMatchObject(IN_USE);
    expect(await faultOf(bid())).toMatchObject(IN_USE);
    expect(await faultOf(bid({ bidAmount: 651 }))).toMatchObject(REUSED);
    const given = await answer;
    expect(await bid()).toEqual(given);
  });

  test('a caller who leaves gives the key back', async () => {
    const { answer, leave } = await pending();
    leave();
    expect((await faultOf(answer)).code).toBe('CANCELLED');
    await vi.waitFor(async () => expect((await written())['keys']).toBe(0), 30_000);
    expect((await bid()).result).toBe('countered');
  });

  test('a key whose owner died is taken over after its deadline, and not before', async () => {
    const { answer } = await pending();
    const died = `update idempotency_keys set owner = gen_random_uuid(), deadline_at = now()`;
    await database.query(`${died} + interval '1 hour'`);
    expect(await faultOf(bid())).toMatchObject(IN_USE);
    await database.query(died);
    const taken = await bid();
    expect(taken.result).toBe('countered');
    // The first owner is alive after all, but the key is not its own any more: it writes nothing.
    expect(await faultOf(answer)).toMatchObject({ code: 'ABORTED' });
    expect(await bid()).toEqual(taken);
    expect(await written()).toEqual({ keys: 1, sessions: 1, rounds: 1, reservations: 0 });
  });
});

test('keys that have expired are swept at the start', async () => {
  await bid();
  await bid({ requestId: 'key-2' });
  await database.query(`update idempotency_keys set expires_at = now() where request_id = 'key-1'`);
  const other = await startCore(database);
  onTestFinished(() => other.close());
  await vi.waitFor(
    () => expect(other.events('idempotency_keys_swept')).toMatchObject([{ rows: 1 }]),
    30_000,
  );
  expect((await written())['keys']).toBe(1);
});
