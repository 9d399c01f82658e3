import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import type { Bid } from './grpc-client.ts';

const agent = { did: 'did:web:buyer.example' };
const TTL_S = 77;

let database: TestDatabase;
let core: Core;

const bid = (bidAmount: number, more: Partial<Bid> = {}) =>
  core.negotiate({ itemId: 'desk', bidAmount, agent, ...more });
const countRounds = async (): Promise<number> =>
  (await database.query('select count(*)::int n from negotiation_rounds'))[0].n;
const now = async (): Promise<number> =>
  (await database.query('select extract(epoch from now())::float8 s'))[0].s;

beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, { env: { QUOTE_TTL_S: String(TTL_S) } });
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  await addItem(database, { id: 'lamp', base: 9_000, floor: 6_000 });
  await addItem(database, { id: 'gone', base: 9_000, floor: 6_000, active: false });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

test('a quote stands for its time by the clock of the database, and anew with each bid', async () => {
  const before = await now();
  const { validUntilTimestamp, sessionToken } = await bid(1);
  const after = await now();
  expect(validUntilTimestamp).toBeGreaterThanOrEqual(Math.floor(before) + TTL_S);
  expect(validUntilTimestamp).toBeLessThanOrEqual(after + TTL_S);
  await database.query(`update negotiation_sessions set expires_at = now() + interval '5 seconds'`);
  const next = await bid(1, { sessionToken });
  expect(next.validUntilTimestamp).toBeGreaterThanOrEqual(validUntilTimestamp);
});

describe('turned away, and nothing is written', () => {
  const strange = 'sess_abcdefghijklmnopqrstuvwxyz012345';
  const tokenOf = async (): Promise<string> => (await bid(1)).sessionToken;

  async function expectTurnedAway(reasonCode: string, wish: Partial<Bid>): Promise<void> {
    const written = await countRounds();
    const answer = await bid(90_000, wish);
    expect(answer.rejected).toEqual({ reasonCode });
    expect(answer.sessionToken).toMatch(/^sess_/);
    expect(answer.validUntilTimestamp).toBeGreaterThan(1.7e9);
    expect(await countRounds()).toBe(written);
  }

  test('an item that nobody knows', async () => {
    await expectTurnedAway('ITEM_NOT_FOUND', { itemId: 'no-such-item' });
    expect(core.events('item_not_found')).toMatchObject([{ item_id: 'no-such-item' }]);
  });

  test('an item that is not for sale', () =>
    expectTurnedAway('ITEM_UNAVAILABLE', { itemId: 'gone' }));

  test('a token that nobody knows', () =>
    expectTurnedAway('SESSION_INVALID', { sessionToken: strange }));

  test("another agent's token", async () => {
    const sessionToken = await tokenOf();
    const other = { did: 'did:web:other.example' };
    await expectTurnedAway('SESSION_INVALID', { sessionToken, agent: other });
  });

  test("another item's token", async () => {
    const sessionToken = await tokenOf();
    await expectTurnedAway('SESSION_INVALID', { sessionToken, itemId: 'lamp' });
  });

  test('a session that has expired', async () => {
    const sessionToken = await tokenOf();
    await database.query(`update negotiation_sessions set expires_at = now()`);
    await expectTurnedAway('SESSION_EXPIRED', { sessionToken });
  });

  test('a session that has sold', async () => {
    const { sessionToken, accepted } = await bid(900);
    expect(accepted!.finalPrice).toBe(900);
    await expectTurnedAway('SESSION_CLOSED', { sessionToken });
  });

  test('the item of a session, taken off sale in between', async () => {
    const { sessionToken } = await bid(1, { itemId: 'lamp' });
    await database.query(`update inventory_items set active = false where id = 'lamp'`);
    await expectTurnedAway('ITEM_UNAVAILABLE', { itemId: 'lamp', sessionToken });
  });
});

test.each([2, 5])('%i bids at once in one session are rounds of their own', async (bids) => {
  const { sessionToken, countered } = await bid(100);
  const amounts = Array.from({ length: bids }, (_, i) => 101 + i);
  const answers = await Promise.all(amounts.map((amount) => bid(amount, { sessionToken })));
  const asks = answers.map((answer) => answer.countered!.proposedPrice);
  expect(new Set(asks).size).toBe(bids);
  const rows = await database.query(
    `select r.round, r.bid_minor::int bid, r.ask_minor::int ask from negotiation_rounds r
     where session_id = (select id from negotiation_sessions order by created_at desc limit 1)
     order by r.round`,
  );
  expect(rows.map(({ round }) => round)).toEqual(Array.from({ length: bids + 1 }, (_, i) => i + 1));
  const byAsk = asks.toSorted((a, b) => b - a).map((ask) => Math.round(ask * 100));
  expect(rows.map(({ ask }) => ask)).toEqual([
    Math.round(countered!.proposedPrice * 100),
    ...byAsk,
  ]);
  const byBid = rows.map((row) => row.bid).toSorted((a, b) => a - b);
  expect(byBid).toEqual([100, ...amounts].map((amount) => amount * 100));
});

test('of two winning bids at once in one session, one is sold', async () => {
  const { sessionToken } = await bid(1);
  const answers = await Promise.all([bid(900, { sessionToken }), bid(900, { sessionToken })]);
  const results = answers.map((each) => each.accepted?.finalPrice ?? each.rejected?.reasonCode);
  expect(new Set(results)).toEqual(new Set([900, 'SESSION_CLOSED']));
});

test("a line of the log has the request's id, or a new one where that is no id", async () => {
  const wish = { itemId: 'desk', bidAmount: 1, agent };
  await core.negotiate(wish, { metadata: { 'x-request-id': 'req-4711' } });
  expect(core.events('negotiation_countered').at(-1)).toMatchObject({ request_id: 'req-4711' });
  await core.negotiate(wish, { metadata: { 'x-request-id': 'no spaces here' } });
  const uuid = expect.stringMatching(/^[0-9a-f]{8}-/);
  expect(core.events('negotiation_countered').at(-1)).toMatchObject({ request_id: uuid });
});
