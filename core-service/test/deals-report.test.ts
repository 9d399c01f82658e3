/** `deals report`, from haggles over gRPC. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './command-line.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';

const TOKEN = 'the-token-of-the-seller-alone';
const agent = { did: 'did:web:buyer.example' };

let database: TestDatabase;
let core: Core;
const bid = (bidAmount: number, more: { itemId?: string; sessionToken?: string } = {}) =>
  core.negotiate({ itemId: 'desk', bidAmount, agent, ...more });

beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, {
    env: { ADMIN_TOKEN: TOKEN, HAGGLING: 'rounds:1', HIGH_VALUE_THRESHOLDS: 'USD:900,JPY:900' },
  });
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  await addItem(database, { id: 'fixed', base: 500, floor: 500, currency: 'JPY' });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

const report = (...args: readonly string[]) =>
  runInProcess(['deals', 'report', ...args], { DATABASE_URL: database.url });

test('says that there were none', async () => {
  expect((await report()).stdout).toBe('There were no haggles in the last 7 days.\n');
  expect((await report('--days', '1')).stdout).toBe('There were no haggles today.\n');
  expect((await report('--json')).stdout).toBe('[]\n');
});

test('counts what haggles came to, by item and day', async () => {
  // Left, rejected, two deals of which one at the list price, one given back, and three for a person.
  await bid(1);
  await database.query(`update negotiation_sessions set expires_at = now()`);
  const refused = await bid(1);
  await bid(1, { sessionToken: refused.sessionToken });
  const { countered, sessionToken } = await bid(1);
  const ask = countered!.proposedPrice;
  await bid(ask, { sessionToken });
  await bid(900);
  const { accepted } = await bid(900);
  await core.release(accepted!.reservationCode);
  for (const act of ['decline', 'expire', 'wait']) {
    const waiting = await bid(901);
    expect(waiting.result).toBe('uiRequired');
    const last = `(select id from negotiation_sessions order by created_at desc limit 1)`;
    if (act === 'expire') {
      await database.query(`update negotiation_sessions set expires_at = now() where id = ${last}`);
    }
    if (act === 'decline') {
      await database.query(
        `update negotiation_sessions set status = 'declined' where id = ${last}`,
      );
    }
  }
  await bid(1);
  await bid(500, { itemId: 'fixed' });
  await bid(1);
  await database.query(`update negotiation_sessions set expires_at = now(),
    created_at = now() - interval '2 days'
    where id = (select id from negotiation_sessions order by created_at desc limit 1)`);

  const found = JSON.parse((await report('--json')).stdout);
  const ended = { left: 1, rejected: 1, pending: 1, declined: 1, expired: 1, released: 1, open: 1 };
  expect(found).toMatchObject([
    {
      item_id: 'desk',
      currency: 'USD',
      haggles: 9,
      deals: 2,
      kept: expect.closeTo(((ask - 600) / 300 + 1) / 2, 6),
      conceded: expect.closeTo(900 - ask, 6),
      ended,
      rounds: { 1: 6, 2: 2 },
    },
    { item_id: 'fixed', currency: 'JPY', haggles: 1, deals: 1, kept: null, conceded: 0 },
    { item_id: 'desk', haggles: 1, deals: 0, kept: null, ended: { left: 1, open: 0 } },
  ]);
  expect(found[0].day > found[2].day).toBe(true);

  const { stdout } = await report('--item', 'desk', '--days', '2');
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^item +day +haggles +deals +kept +conceded +left .* open +rounds$/),
    expect.stringMatching(/^desk {2}\d{4}-\d\d-\d\d +9 +2 +0\.\d\d +[\d.]+ USD( +1){7} +1×6 2×2$/),
    '',
  ]);
  expect(core.log()).not.toMatch(/kept|conceded/);
});

test.each([
  [['--days', '0'], /^--days 0: must be a whole number from 1 to 3650, not 0\n$/],
  [['--days', 'all'], /^--days all: must be a whole number/],
  [['--item', 'no-such'], /^there is no item no-such\n$/],
])('%j says what is wrong', async (args, words) => {
  expect(await report(...args)).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(words),
  });
});
