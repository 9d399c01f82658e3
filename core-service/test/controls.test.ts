/** What a merchant holds the asks and deals of an item to, as buyers and the seller meet it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';
import type { Bid } from './grpc-client.ts';

const TOKEN = 'the-token-of-the-seller-alone';
const agent = { did: 'did:web:buyer.example' };

/** Fields that a log line has whatever it says. */
const OF_EVERY_LINE = new Set(
  'level timestamp service logger request_id trace_id span_id'.split(' '),
);

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, {
    env: { ADMIN_TOKEN: TOKEN, HAGGLING: 'rounds:3,margin:0', HIGH_VALUE_THRESHOLDS: 'USD:1000' },
  });
});
beforeEach(async () => {
  await database.query(
    'truncate reservations, negotiation_rounds, negotiation_sessions, inventory_items cascade',
  );
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

const set = (terms: string): Promise<unknown> =>
  database.query(`update inventory_items set ${terms}`);
const bid = (bidAmount: number, more: Partial<Bid> = {}) =>
  core.negotiate({ itemId: 'desk', bidAmount, agent, ...more });
const askOf = (answer: Awaited<ReturnType<typeof bid>>): number => answer.countered!.proposedPrice;
/** The asks for low bids, down to the last offer. */
async function asks(low = 599): Promise<{ asks: number[]; sessionToken: string }> {
  const first = await bid(low);
  const { sessionToken } = first;
  const [second, third] = [await bid(low, { sessionToken }), await bid(low, { sessionToken })];
  return { asks: [first, second, third].map(askOf), sessionToken };
}

describe('draft mode', () => {
  test('a deal above the amount waits for a person, who makes it one', async () => {
    await set('draft_above_minor = 80000');
    const { sessionToken, asks: offers } = await asks();
    const waiting = await bid(Math.max(800.01, offers.at(-1)!), { sessionToken });
    expect(waiting.uiRequired).toMatchObject({ templateId: 'high_value_confirm' });
    const { deals } = await core.deals('ListDeals', { status: 'DEAL_STATUS_PENDING' }, TOKEN);
    await core.deals('ApproveDeal', { dealId: deals[0].dealId }, TOKEN);
    const { accepted } = await bid(1, { sessionToken });
    expect(accepted!.finalPrice).toBe(Math.max(800.01, offers.at(-1)!));
  });

  test('a deal of exactly that much, and a bid that makes none, are answered as ever', async () => {
    await set('draft_above_minor = 90000');
    expect((await bid(950)).accepted!.finalPrice).toBe(900);
    await set('draft_above_minor = 0');
    expect((await bid(599)).result).toBe('countered');
    expect((await bid(900)).result).toBe('uiRequired');
  });
});

describe('a threshold of its own', () => {
  test.each([
    ['high_value_minor = 50000', 500.01, 'uiRequired'],
    ['high_value_minor = 50000', 500, 'countered'],
    ['high_value_minor = 0', 1, 'uiRequired'],
    ['high_value_minor = 200000', 1_500, 'accepted'],
    ['high_value_minor = null', 1_500, 'uiRequired'],
  ])('%s: a bid of %d is %s', async (terms, amount, result) => {
    await set(terms);
    expect((await bid(amount)).result).toBe(result);
  });
});

describe('rounds that are told', () => {
  test('with each counter-offer, down to none, and with nothing else', async () => {
    await set('tells_rounds = true');
    const first = await bid(599);
    const { sessionToken } = first;
    const others = [];
    for (let n = 0; n < 3; n++) others.push(await bid(599, { sessionToken }));
    const left = [first, ...others].map(({ countered }) => countered?.roundsLeft);
    expect(left).toEqual([2, 1, 0, undefined]);
    expect(others.at(-1)!.rejected).toEqual({ reasonCode: 'OFFER_TOO_LOW' });
    expect(Object.keys((await bid(900)).accepted!)).toEqual([
      'finalPrice',
      'reservationCode',
      'receipt',
    ]);
  });

  test.each(['null', 'false'])('not where it is %s', async (value) => {
    await set(`tells_rounds = ${value}`);
    expect((await bid(599)).countered).not.toHaveProperty('roundsLeft');
  });
});

describe('a ceiling on what is conceded in a day', () => {
  test('where it is reached the asks stand, the seller is told, and the buyer is not', async () => {
    const free = await asks();
    await set('daily_concession_minor = 0');
    const { asks: standing, sessionToken } = await asks();
    expect(free.asks.at(-1)).toBeLessThan(900);
    expect(standing).toEqual([900, 900, 900]);
    expect(core.events('concession_ceiling_reached')).toContainEqual(
      expect.objectContaining({ item_id: 'desk' }),
    );
    for (const line of core.events('concession_ceiling_reached')) {
      const said = Object.fromEntries(
        Object.entries(line).filter(([key]) => !OF_EVERY_LINE.has(key)),
      );
      expect(said).toEqual({ event: 'concession_ceiling_reached', item_id: 'desk' });
    }
    const answer = await bid(900, { sessionToken });
    expect(answer.accepted!.finalPrice).toBe(900);
    // An ask that was given before is kept.
    const kept = await bid(free.asks.at(-1)!, { sessionToken: free.sessionToken });
    expect(kept.accepted!.finalPrice).toBe(free.asks.at(-1));
  });

  test('what deals of today concede counts, until they are given back; of yesterday not', async () => {
    await set('daily_concession_minor = 10000');
    const first = await asks();
    expect(first.asks.at(-1)).toBeGreaterThanOrEqual(800);
    const deal = await bid(first.asks.at(-1)!, { sessionToken: first.sessionToken });
    const left = 100 - (900 - deal.accepted!.finalPrice);
    const second = await asks();
    expect(second.asks.at(-1)).toBeGreaterThanOrEqual(900 - left - 1e-9);

    await core.release(deal.accepted!.reservationCode);
    expect((await asks()).asks).toEqual(first.asks);
    await database.query(`update reservations set status = 'held',
      created_at = date_trunc('day', now() at time zone 'utc') at time zone 'utc' - interval '1 s'`);
    expect((await asks()).asks).toEqual(first.asks);
  });

  test('each ask that was given is kept, by its own discount', async () => {
    await set('daily_concession_minor = 10000');
    const [one, other] = [await asks(), await asks()];
    const last = one.asks.at(-1)!;
    expect(other.asks.at(-1)).toBe(last);
    for (const { sessionToken } of [one, other]) {
      expect((await bid(last, { sessionToken })).accepted!.finalPrice).toBe(last);
    }
    expect((await asks()).asks).toEqual([900, 900, 900]);
  });

  test.runIf(nativeUrl)('buyers at once concede no more than the ceiling in all', async () => {
    await set('daily_concession_minor = 10000, opening_ratio = 0.95, rounds = 1');
    const one = (i: number) => bid(855, { agent: { did: `did:web:buyer-${i}.example` } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => one(i)));
    const conceded = answers.flatMap(({ accepted }) => (accepted ? 900 - accepted.finalPrice : []));
    expect(conceded).toEqual([45, 45]);
    expect(answers.filter(({ result }) => result === 'countered')).toHaveLength(18);
  });
});

test.each([
  ['.99', /\.99$/],
  ['.00', /^\d+$/],
  ['5', /^\d+[05]$/],
])('asks end in %s, and a bid at each of them is taken', async (ending, words) => {
  await set(`price_ending = '${ending}'`);
  const { asks: offers, sessionToken } = await asks();
  for (const ask of offers.filter((each) => each < 900)) expect(String(ask)).toMatch(words);
  expect(offers.at(-1)).toBeLessThan(900);
  const deal = await bid(offers.at(-1)!, { sessionToken });
  expect(deal.accepted!.finalPrice).toBe(offers.at(-1));
});
