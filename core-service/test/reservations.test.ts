/** A deal is a fact: one reservation, never oversold, and it comes back. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';
import type { Bid } from './grpc-client.ts';
import { faultOf } from './grpc-client.ts';

const agent = { did: 'did:web:buyer.example' };
const STRANGE = 'AURA-00000000-00000000-00000000-00000000';
const HOLD_S = 3_600;

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database, { env: { RESERVATION_HOLD_S: String(HOLD_S) } });
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

const bid = (itemId: string, more: Partial<Bid> = {}) =>
  core.negotiate({ itemId, bidAmount: 900, agent, ...more });

/** Closes a deal. @returns its code */
async function buy(itemId = 'desk'): Promise<string> {
  return (await bid(itemId)).accepted!.reservationCode;
}

const expire = (code: string): Promise<unknown> =>
  database.query(`update reservations set held_until = now() where code = $1`, [code]);
const confirm = (code: string): Promise<unknown> =>
  database.query(`update reservations set status = 'confirmed' where code = $1`, [code]);

describe('a reservation', () => {
  test('is what was agreed, held for its time by the clock of the database', async () => {
    const code = await buy();
    const [{ now }] = await database.query('select extract(epoch from now())::float8 as now');
    const { heldUntilTimestamp, ...reservation } = await core.reservation(code);
    expect(reservation).toEqual({
      reservationCode: code,
      itemId: 'desk',
      itemName: 'Walnut desk',
      price: 900,
      currencyCode: 'USD',
      status: 'RESERVATION_STATUS_HELD',
      receipt: '',
    });
    expect(heldUntilTimestamp - now - HOLD_S).toBeLessThan(1);
    expect(heldUntilTimestamp - now - HOLD_S).toBeGreaterThan(-60);
  });

  test('is released once, and stays released', async () => {
    const code = await buy();
    expect((await core.release(code)).status).toBe('RESERVATION_STATUS_RELEASED');
    expect((await core.release(code)).status).toBe('RESERVATION_STATUS_RELEASED');
    expect((await core.reservation(code)).status).toBe('RESERVATION_STATUS_RELEASED');
    expect(core.events('reservation_released')).toHaveLength(1);
  });

  test.each([
    ['has expired', expire, 'EXPIRED'],
    ['was confirmed', confirm, 'CONFIRMED'],
  ])('that %s is not released by the agent', async (_what, move, status) => {
    const code = await buy();
    await move(code);
    expect(await faultOf(core.release(code))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: `RESERVATION_${status}`,
    });
    expect((await core.reservation(code)).status).toBe(`RESERVATION_STATUS_${status}`);
  });

  test.each([
    ['get', (code: string) => core.reservation(code)],
    ['release', (code: string) => core.release(code)],
  ])('%s: a code that nobody has, and what is no code', async (_name, ask) => {
    expect(await faultOf(ask(STRANGE))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'RESERVATION_NOT_FOUND',
    });
    for (const code of ['', 'AURA', STRANGE.replace('-', '--'), `${STRANGE}0`, "' or true --"]) {
      const fault = await faultOf(ask(code));
      expect([fault.code, fault.fields]).toEqual(['INVALID_ARGUMENT', ['reservation_code']]);
    }
  });

  test('is found and released by its code in any letter case, with or without hyphens', async () => {
    const code = await buy();
    for (const spelling of [
      code.toLowerCase(),
      code.replaceAll('-', ''),
      code.replaceAll('-', '').toLowerCase(),
      code.replace('AURA', 'Aura'),
      code.replaceAll('-', '–'),
      code.replaceAll('-', '\u00a0'),
    ]) {
      expect((await core.reservation(spelling)).reservationCode).toBe(code);
      expect((await core.release(spelling)).status).toBe('RESERVATION_STATUS_RELEASED');
    }
    for (const wrong of [`${code}0`, code.slice(0, -1), code.replace('-', '--'), ` ${code}`]) {
      expect(await faultOf(core.reservation(wrong))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        fields: ['reservation_code'],
      });
    }
  });
});

test.runIf(nativeUrl)('a hold that ends while it is being confirmed is not confirmed', async () => {
  const seller = await startCore(database, { env: { ADMIN_TOKEN: 'a-token-for-the-seller' } });
  const code = await buy();
  const unlock = await database.lock('inventory_items', 'exclusive');
  const call = seller.deals('ConfirmDeal', { dealId: code }, 'a-token-for-the-seller');
  const confirming = faultOf(call);
  await vi.waitFor(async () => {
    const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock'
      and datname = current_database()`;
    expect(await database.query(waiting)).toHaveLength(1);
  }, 30_000);
  await expire(code);
  await unlock();
  expect((await confirming).reason).toBe('RESERVATION_EXPIRED');
  await seller.close();
});

describe('of an item with a quantity', () => {
  const active = async (itemId: string): Promise<number> =>
    (
      await database.query(
        `select count(*)::int n from reservations where item_id = $1
           and (status = 'confirmed' or (status = 'held' and held_until > now()))`,
        [itemId],
      )
    )[0].n;

  test.each([1, 3])('never more than there are (%i) are sold to 100 at once', async (quantity) => {
    const itemId = `rare-${quantity}`;
    await addItem(database, { id: itemId, base: 90_000, floor: 60_000, quantity });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        bid(itemId, { agent: { did: `did:example:${i}` } }).then(
          (answer) => answer.accepted?.reservationCode ?? answer.rejected?.reasonCode,
          // The pool is small here: whoever waits too long is told to come back.
          (error: { details: string }) => error.details,
        ),
      ),
    );
    const codes = answers.filter((each) => each?.startsWith('AURA-'));
    expect(codes).toHaveLength(quantity);
    expect(new Set(codes).size).toBe(quantity);
    expect(await active(itemId)).toBe(quantity);
    const others = new Set(answers.filter((each) => !each?.startsWith('AURA-')));
    others.delete('the database is unavailable');
    expect([...others]).toEqual(['ITEM_UNAVAILABLE']);
  });

  test.each([
    ['is released', (code: string) => core.release(code)],
    ['expires', expire],
  ])('one comes back when it %s', async (what, giveBack) => {
    const itemId = `single-${what.replace(' ', '-')}`;
    await addItem(database, { id: itemId, base: 90_000, floor: 60_000, quantity: 1 });
    const code = await buy(itemId);
    expect((await bid(itemId)).rejected?.reasonCode).toBe('ITEM_UNAVAILABLE');
    await giveBack(code);
    expect(await buy(itemId)).not.toBe(code);
  });

  test('a confirmed one does not come back, and nobody haggles over nothing', async () => {
    await addItem(database, { id: 'last', base: 90_000, floor: 60_000, quantity: 1 });
    const { sessionToken } = await bid('last', { bidAmount: 1 });
    const code = await buy('last');
    await confirm(code);
    await database.query(`update reservations set held_until = now() where code = $1`, [code]);
    const answer = await bid('last', { bidAmount: 1, sessionToken });
    expect(answer.rejected?.reasonCode).toBe('ITEM_UNAVAILABLE');
    // The session is as it was, and goes on when there is one again.
    await database.query(`update inventory_items set quantity = 2 where id = 'last'`);
    expect((await bid('last', { sessionToken })).accepted?.finalPrice).toBe(900);
  });
});

test('what a core of the release before writes while it is being replaced is a reservation', async () => {
  const [{ count }] = await database.query('select count(*)::int from reservations');
  const old = `insert into negotiation_sessions (token_hash, item_id, agent_did, status, round,
    ask_minor, epoch, expires_at, final_price_minor, reservation_code) values`;
  await database.query(
    `${old} ('a', 'desk', 'did:example:a', 'accepted', 1, 90000, 1, now(), 80000, $1),
      ('b', 'desk', 'did:example:b', 'open', 1, 90000, 1, now(), null, null)`,
    [STRANGE],
  );
  const later = STRANGE.replace(/0$/, '1');
  await database.query(
    `update negotiation_sessions set status = 'accepted', final_price_minor = 70000,
       reservation_code = $1 where agent_did = 'did:example:b'`,
    [later],
  );
  expect((await core.reservation(STRANGE)).price).toBe(800);
  expect((await core.reservation(later)).price).toBe(700);
  const [after] = await database.query('select count(*)::int from reservations');
  expect(after.count).toBe(count + 2);
});
