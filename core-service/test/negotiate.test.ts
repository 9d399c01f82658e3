import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import type { Bid } from './grpc-client.ts';
import { faultOf } from './grpc-client.ts';

const agent = { did: 'did:web:buyer.example' };
const LIST_PRICE = 980_000;
/** 739,182.64 USD: no other number looks like it. */
const FLOOR_MINOR = 73_918_264;

let database: TestDatabase;
let core: Core;
const said: string[] = [];

const bid = async (bidAmount: number, more: Partial<Bid> = {}) => {
  const answer = await core.negotiate({ itemId: 'vault', bidAmount, agent, ...more });
  said.push(JSON.stringify(answer));
  return answer;
};
const askOf = (answer: Awaited<ReturnType<typeof bid>>): number => answer.countered!.proposedPrice;
const sessions = (token: string): Promise<any[]> =>
  database.query(
    `select *, (created_at at time zone 'utc')::date - date '1970-01-01' as day
     from negotiation_sessions where token_hash = $1`,
    [createHash('sha256').update(token).digest()],
  );
const rounds = (token: string): Promise<any[]> =>
  database.query(
    `select r.round, r.bid_minor::float8 bid, r.outcome, r.ask_minor::float8 ask
     from negotiation_rounds r join negotiation_sessions s on s.id = session_id
     where token_hash = $1 order by r.round`,
    [createHash('sha256').update(token).digest()],
  );

beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, {
    env: { HIGH_VALUE_THRESHOLDS: 'USD:1000000', LOG_LEVEL: 'trace' },
  });
  await addItem(database, { id: 'vault', base: LIST_PRICE * 100, floor: FLOOR_MINOR });
  await addItem(database, { id: 'palace', base: 200_000_000, floor: 100_000_000 });
  await addItem(database, { id: 'onsen', base: 30_000, floor: 20_000, currency: 'JPY' });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

describe('a buyer who carries its token', () => {
  test('sees the asks fall and closes at one of them', async () => {
    let answer = await bid(500_000);
    const { sessionToken } = answer;
    expect(sessionToken).toMatch(/^sess_[A-Za-z0-9_-]{32}$/);
    const asks = [askOf(answer)];
    for (let round = 2; round <= 6; round++) {
      answer = await bid(500_000 + round, { sessionToken });
      expect(answer).toMatchObject({ sessionToken, result: 'countered' });
      expect(answer.countered!.reasonCode).toBe('BID_BELOW_ASK');
      asks.push(askOf(answer));
    }
    expect(asks).toEqual(asks.toSorted((a, b) => b - a));
    expect(asks[0]).toBeLessThan(LIST_PRICE);
    expect(asks[5]).toBeLessThan(asks[0]!);

    const ask = asks.at(-1)!;
    const deal = await bid(ask, { sessionToken });
    const reservationCode = deal.accepted!.reservationCode;
    expect(deal.accepted).toEqual({ finalPrice: ask, reservationCode, receipt: '' });
    expect(reservationCode).toMatch(/^AURA(-[0-9A-HJKMNP-TV-Z]{8}){4}$/);

    const [session] = await sessions(sessionToken);
    expect(session).toMatchObject({ item_id: 'vault', agent_did: agent.did, round: 7 });
    expect(session).toMatchObject({ status: 'accepted', epoch: session.day });
    expect(await database.query('select session_id, code, price_minor from reservations')).toEqual([
      { session_id: session.id, code: reservationCode, price_minor: String(Math.round(ask * 100)) },
    ]);
    expect(
      JSON.stringify(await database.query('select * from negotiation_sessions')),
    ).not.toContain(sessionToken);
    const written = await rounds(sessionToken);
    expect(written.map((row) => [row.round, row.bid, row.outcome])).toEqual([
      [1, 50_000_000, 'countered'],
      ...[2, 3, 4, 5, 6].map((round) => [round, 50_000_000 + round * 100, 'countered']),
      [7, Math.round(ask * 100), 'accepted'],
    ]);
    const askMinors = asks.map((each) => Math.round(each * 100));
    expect(written.map((row) => row.ask).slice(0, 6)).toEqual(askMinors);
    expect(core.log()).not.toMatch(new RegExp(`${sessionToken}|${reservationCode}`));
  });

  test('has a last offer, which it can still take', async () => {
    const { sessionToken } = await bid(1);
    for (let round = 2; round < 10; round++) await bid(1, { sessionToken });
    const last = await bid(1, { sessionToken });
    expect(last.countered).toMatchObject({ reasonCode: 'LAST_OFFER' });
    expect(last.countered!.humanMessage).toContain('last offer');
    expect(askOf(last) * 100).toBeGreaterThanOrEqual(FLOOR_MINOR);
    const deal = await bid(askOf(last), { sessionToken });
    expect(deal.accepted!.finalPrice).toBe(askOf(last));
  });

  test('is turned away after it, and the session is closed', async () => {
    const { sessionToken } = await bid(1);
    for (let round = 2; round <= 10; round++) await bid(1, { sessionToken });
    expect(await bid(1, { sessionToken })).toMatchObject({
      sessionToken,
      rejected: { reasonCode: 'OFFER_TOO_LOW' },
    });
    const closed = await bid(LIST_PRICE, { sessionToken });
    expect(closed.rejected).toEqual({ reasonCode: 'SESSION_CLOSED' });
    expect((await sessions(sessionToken))[0]).toMatchObject({ status: 'rejected', round: 11 });
  });

  test('learns nothing by beginning anew on the same day', async () => {
    const haggle = async (): Promise<number[]> => {
      const first = await bid(1);
      const second = await bid(1, { sessionToken: first.sessionToken });
      return [askOf(first), askOf(second)];
    };
    expect(await haggle()).toEqual(await haggle());
  });
});

test('who overbids pays the list price', async () => {
  expect((await bid(999_999)).accepted!.finalPrice).toBe(LIST_PRICE);
  const yen = await bid(30_001, { itemId: 'onsen', currencyCode: 'JPY' });
  // No threshold is set for yen here, so a person has to look.
  expect(yen.result).toBe('uiRequired');
});

test('a bid above the threshold waits for a person, whatever the list price', async () => {
  expect((await bid(1_000_000.01)).result).toBe('uiRequired');
  expect((await bid(1_000_000)).accepted!.finalPrice).toBe(LIST_PRICE);
});

test('a bid above the threshold waits for a person, and keeps the ask', async () => {
  const answer = await bid(1_000_000.01, { itemId: 'palace' });
  expect(answer.uiRequired).toEqual({
    templateId: 'high_value_confirm',
    contextData: { reason: expect.any(String) },
  });
  const row = { outcome: 'ui_required', ask: 200_000_000 };
  expect(await rounds(answer.sessionToken)).toMatchObject([row]);
  expect((await bid(1_000_000, { itemId: 'palace' })).result).toBe('countered');
});

test.each([
  ['currency_code', { currencyCode: 'EUR' }],
  ['bid_amount', { bidAmount: 850.005 }],
  ['bid_amount', { itemId: 'onsen', bidAmount: 850.5 }],
])('%s that the item does not have is INVALID_ARGUMENT', async (field, more) => {
  const fault = await faultOf(bid(850, more));
  expect(fault).toMatchObject({ code: 'INVALID_ARGUMENT', fields: [field] });
});

test('the floor was in no answer and in no line of the log', () => {
  expect(said.length).toBeGreaterThan(30);
  expect(core.events('negotiation_countered').length).toBeGreaterThan(20);
  const everything = said.join() + core.log();
  expect(everything).not.toMatch(/73918264|739182[.,]64|739,182|floor/i);
});
