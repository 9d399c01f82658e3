/** A person in the loop: bids that wait, and what the seller does with deals. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runInProcess } from './command-line.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const ADMIN_TOKEN = 'a-token-for-the-seller';
const agent = { did: 'did:web:buyer.example' };
const TTL_S = 7_200;

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, { env: { ADMIN_TOKEN, APPROVAL_TTL_S: String(TTL_S) } });
});
beforeEach(async () => {
  await database.query(`truncate reservations, negotiation_sessions, inventory_items cascade`);
  await addItem(database, { id: 'villa', base: 500_000, floor: 300_000 });
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

const bid = (bidAmount = 4_000, sessionToken = '', itemId = 'villa') =>
  core.negotiate({ itemId, bidAmount, agent, sessionToken });
const deals = (method: Parameters<Core['deals']>[0], request: object = {}) =>
  core.deals(method, request, ADMIN_TOKEN);
const only = async (status?: string): Promise<any> => {
  const { deals: found } = await deals('ListDeals', { ...(status && { status }) });
  expect(found).toHaveLength(1);
  return found[0];
};

const run = (...args: string[]) => runInProcess(['deals', ...args], { DATABASE_URL: database.url });

/** Both ways to say it. */
const WAYS = [
  [
    'over gRPC',
    (verb: string, dealId: string) => deals(`${verb}Deal` as 'ApproveDeal', { dealId }),
  ],
  ['by the command', (verb: string, dealId: string) => run(verb.toLowerCase(), dealId)],
] as const;

describe('a bid above the threshold', () => {
  test('waits, and asking again changes nothing', async () => {
    const first = await bid();
    expect(first.uiRequired?.templateId).toBe('high_value_confirm');
    const [{ now }] = await database.query('select extract(epoch from now())::float8 as now');
    expect(Math.abs(first.validUntilTimestamp - now - TTL_S)).toBeLessThan(60);
    for (const amount of [4_000, 1, 9_000]) {
      expect(await bid(amount, first.sessionToken)).toEqual(first);
    }
    expect(await only('DEAL_STATUS_PENDING')).toEqual({
      dealId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'DEAL_STATUS_PENDING',
      itemId: 'villa',
      itemName: 'Walnut desk',
      agentDid: agent.did,
      price: 4_000,
      currencyCode: 'USD',
      heldUntilTimestamp: first.validUntilTimestamp,
      reservationCode: '',
    });
    expect(await database.query('select round from negotiation_rounds')).toEqual([{ round: 1 }]);
  });

  test.each(WAYS)(
    'is approved %s: the agent gets its reservation when it asks',
    async (_way, say) => {
      const { sessionToken } = await bid(9_000);
      await say('Approve', (await only()).dealId);
      const { dealId, reservationCode, status, price } = await only();
      expect([status, price]).toEqual(['DEAL_STATUS_HELD', 5_000]);
      const answer = await bid(1, sessionToken);
      expect(answer.accepted).toEqual({ finalPrice: 5_000, reservationCode, receipt: '' });
      expect(await bid(1, sessionToken)).toEqual(answer);
      expect((await core.reservation(reservationCode)).status).toBe('RESERVATION_STATUS_HELD');
      const stranger = {
        itemId: 'villa',
        bidAmount: 1,
        agent: { did: 'did:example:x' },
        sessionToken,
      };
      expect((await core.negotiate(stranger)).rejected?.reasonCode).toBe('SESSION_INVALID');

      await core.release(reservationCode);
      expect((await bid(1, sessionToken)).rejected?.reasonCode).toBe('SESSION_CLOSED');
      expect(await faultOf(deals('ApproveDeal', { dealId }))).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'DEAL_NOT_PENDING',
      });
    },
  );

  test.each(WAYS)('is declined %s', async (_way, say) => {
    const { sessionToken } = await bid();
    await say('Decline', (await only()).dealId);
    expect((await bid(4_000, sessionToken)).rejected?.reasonCode).toBe('DEAL_DECLINED');
    expect((await only()).status).toBe('DEAL_STATUS_DECLINED');
  });

  test('that nobody answered in time is gone', async () => {
    const { sessionToken } = await bid();
    await database.query('update negotiation_sessions set expires_at = now()');
    expect((await bid(4_000, sessionToken)).rejected?.reasonCode).toBe('SESSION_EXPIRED');
    const { dealId, status } = await only();
    expect(status).toBe('DEAL_STATUS_EXPIRED');
    for (const method of ['ApproveDeal', 'DeclineDeal'] as const) {
      expect((await faultOf(deals(method, { dealId }))).reason).toBe('DEAL_NOT_PENDING');
    }
  });

  test('below the floor is not approved, whoever says so, and the floor is not told', async () => {
    await bid(2_999.99);
    const { dealId } = await only();
    const { code, reason, message } = await faultOf(deals('ApproveDeal', { dealId }));
    expect([code, reason]).toEqual(['FAILED_PRECONDITION', 'DEAL_REFUSED']);
    expect(message).not.toMatch(/3.?000/);
    expect(core.log()).not.toMatch(/floor/i);
    const { code: exit, stderr } = await run('approve', dealId);
    expect([exit, stderr]).toEqual([1, expect.stringContaining("below the item's floor")]);
    expect((await only()).status).toBe('DEAL_STATUS_PENDING');
  });

  test('of the last one is approved once', async () => {
    await database.query(`update inventory_items set quantity = 1 where id = 'villa'`);
    await bid();
    await core.negotiate({ itemId: 'villa', bidAmount: 4_000, agent: { did: 'did:example:b' } });
    const { deals: both } = await deals('ListDeals');
    const results = await Promise.allSettled(
      both.map(({ dealId }: { dealId: string }) => deals('ApproveDeal', { dealId })),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect((await faultOf(Promise.reject(refused.reason))).reason).toBe('DEAL_SOLD_OUT');
  });
});

describe('a reservation', () => {
  test.each(WAYS)('is confirmed %s, by its id or its code, and taken back', async (_way, say) => {
    const code = (await bid(900, '', 'desk')).accepted!.reservationCode;
    const { dealId } = await only('DEAL_STATUS_HELD');
    await say('Confirm', dealId);
    expect((await core.reservation(code)).status).toBe('RESERVATION_STATUS_CONFIRMED');
    await say('Confirm', code);
    await say('Release', code);
    await say('Release', dealId);
    expect((await core.reservation(code)).status).toBe('RESERVATION_STATUS_RELEASED');
    expect((await faultOf(deals('ConfirmDeal', { dealId }))).reason).toBe('RESERVATION_RELEASED');
  });

  test('that has expired is not confirmed', async () => {
    await bid(900, '', 'desk');
    await database.query('update reservations set held_until = now()');
    const { dealId } = await only('DEAL_STATUS_EXPIRED');
    expect((await faultOf(deals('ConfirmDeal', { dealId }))).reason).toBe('RESERVATION_EXPIRED');
  });
});

test('the list has the latest first, and as many as were asked for', async () => {
  for (const item of ['desk', 'villa', 'desk']) await bid(item === 'desk' ? 900 : 4_000, '', item);
  await bid(1, '', 'desk');
  const { deals: all } = await deals('ListDeals');
  expect(all.map(({ itemId }: { itemId: string }) => itemId)).toEqual(['desk', 'villa', 'desk']);
  expect((await deals('ListDeals', { limit: 1 })).deals).toEqual(all.slice(0, 1));
  const { stdout } = await run('list', '--status', 'held', '--limit', '1');
  expect(stdout.split('\n')[0]).toBe(`${all[0].dealId}  held  900.00 USD`);
  expect(stdout).toContain(`code ${all[0].reservationCode}`);
  expect((await run('list', '--status', 'released')).stdout).toBe('There are none.\n');
});

describe('who may', () => {
  test.each([undefined, '', 'a-token-for-the-selle', `${ADMIN_TOKEN} `])(
    'not with the token %j',
    async (token) => {
      await bid();
      const { dealId } = await only();
      for (const method of ['ListDeals', 'ApproveDeal', 'DeclineDeal'] as const) {
        expect((await faultOf(core.deals(method, { dealId }, token))).code).toBe('UNAUTHENTICATED');
      }
      expect((await only()).status).toBe('DEAL_STATUS_PENDING');
      expect(core.log()).not.toContain(ADMIN_TOKEN);
    },
  );

  test('with the new token and the former one, while both are set', async () => {
    const env = { ADMIN_TOKEN: 'the-new-token-0001', ADMIN_TOKEN_PREVIOUS: ADMIN_TOKEN };
    const turning = await startCore(database, { env });
    try {
      for (const token of [env.ADMIN_TOKEN, ADMIN_TOKEN]) {
        expect(await turning.deals('ListDeals', {}, token)).toHaveProperty('deals');
      }
      const other = faultOf(turning.deals('ListDeals', {}, 'another-token-0001'));
      expect((await other).code).toBe('UNAUTHENTICATED');
    } finally {
      await turning.close();
    }
    const former = faultOf(core.deals('ListDeals', {}, env.ADMIN_TOKEN));
    expect((await former).code).toBe('UNAUTHENTICATED');
  });

  test('nobody over gRPC where there is no token', async () => {
    const closed = await startCore(database);
    expect((await faultOf(closed.deals('ListDeals', {}, ''))).code).toBe('UNIMPLEMENTED');
    await closed.close();
  });
});

test.each([
  ['ListDeals', { limit: 1_001 }, 'limit'],
  ['ListDeals', { limit: -1 }, 'limit'],
  ['ApproveDeal', { dealId: '' }, 'deal_id'],
  ['ConfirmDeal', { dealId: 'AURA-1' }, 'deal_id'],
] as const)('%s %j: the field is named', async (method, request, field) => {
  const fault = await faultOf(deals(method, request));
  expect([fault.code, fault.fields]).toEqual(['INVALID_ARGUMENT', [field]]);
});

test.each([
  [['list', '--status', 'sold'], /'sold' is invalid. Allowed choices are pending, /],
  [['list', '--limit', '0'], /^--limit 0: /],
  [['list', '--limit', '1.000'], /^--limit 1\.000: .*could be 1000 or 1/],
  [['list', '--stats'], /^unknown option '--stats'/],
  [['approve'], /^usage: deals approve .*<DEAL>$/m],
  [['sell', 'x'], /^unknown command 'sell'/],
  [['approve', 'x'], /^DEAL must be a deal's id, a UUID, or its reservation code, AURA- and four/],
  [['confirm', 'AURA-8V0J'], /^DEAL must be a deal's id/],
  [['approve', '00000000-0000-4000-8000-000000000000'], /^there is no such deal$/m],
  [['confirm', '“AURA–00000000–00000000—00000000−00000000”.'], /^there is no such reservation$/m],
  [['confirm', '00000000-0000-4000-8000-000000000000'], /^there is no such reservation$/m],
])('the command %j says what is wrong', async (args, words) => {
  expect(await run(...args)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(words) });
});
