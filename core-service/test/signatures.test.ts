/** What core makes of a signature that the gateway found right: it counts once, and binds the session. */
import { randomUUID } from 'node:crypto';
import type { VerifiedSignature } from '@aura/proto';
import { encodeSignature, SIGNATURE_METADATA } from '@aura/proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, eventually, startCore, startDatabase } from './core-harness.ts';
import type { Bid, CallOptions } from './grpc-client.ts';
import { faultOf } from './grpc-client.ts';

const DID = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH';
const agent = { did: DID };

let database: TestDatabase;
let core: Core;
let other: Core;
beforeAll(async () => {
  database = await startDatabase();
  [core, other] = [await startCore(database), await startCore(database)];
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(async () => {
  await core.close();
  await other.close();
  await database.close();
});

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

/** The metadata of a request of its own, but for what is given. */
function signed(given: VerifiedSignature = {}): CallOptions {
  const fresh = { agentDid: DID, nonces: [randomUUID()], validUntilTimestamp: inSeconds(60) };
  const bytes = encodeSignature({ ...fresh, exchangeId: randomUUID(), ...given });
  return { metadata: { [SIGNATURE_METADATA]: bytes } };
}

const bid = (more: Partial<Bid> = {}, options?: CallOptions, at = core) =>
  at.negotiate({ itemId: 'desk', bidAmount: 100, agent, ...more }, options);
const countRounds = async (): Promise<number> =>
  (await database.query('select count(*)::int n from negotiation_rounds'))[0].n;

describe('a nonce counts once', () => {
  const REPLAYED = { code: 'UNAUTHENTICATED', reason: 'SIGNATURE_REPLAYED' };

  test('whichever core is asked, and also after a restart', async () => {
    const nonces = [randomUUID()];
    await bid({}, signed({ nonces }));
    const written = await countRounds();
    expect(await faultOf(bid({}, signed({ nonces })))).toMatchObject(REPLAYED);
    expect(await faultOf(bid({}, signed({ nonces }), other))).toMatchObject(REPLAYED);
    const restarted = await startCore(database);
    expect(await faultOf(bid({}, signed({ nonces }), restarted))).toMatchObject(REPLAYED);
    expect(restarted.events('signature_replayed')).toHaveLength(1);
    await restarted.close();
    expect(await countRounds()).toBe(written);
  });

  test('of 60 copies at once at two cores exactly one passes', async () => {
    const nonces = [randomUUID()];
    const written = await countRounds();
    const sent = Array.from({ length: 60 }, (_, i) =>
      bid({}, signed({ nonces }), i % 2 === 0 ? core : other),
    );
    const results = await Promise.allSettled(sent);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await countRounds()).toBe(written + 1);
  });

  test('under an idempotency key too, whose answer a copy is not told', async () => {
    const [nonces, requestId] = [[randomUUID()], randomUUID()];
    const written = await countRounds();
    const sent = Array.from({ length: 40 }, (_, i) =>
      bid({ requestId }, signed({ nonces }), i % 2 === 0 ? core : other),
    );
    const results = await Promise.allSettled(sent);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await faultOf(bid({ requestId }, signed({ nonces })))).toMatchObject(REPLAYED);
    expect(await countRounds()).toBe(written + 1);
    const fresh = randomUUID();
    expect(await faultOf(bid({ requestId: fresh }, signed({ nonces })))).toMatchObject(REPLAYED);
    // The copy has claimed nothing.
    await expect(bid({ requestId: fresh }, signed())).resolves.toHaveProperty('countered');
  });

  test('where there is no such item, and where the bid was refused for something else', async () => {
    const nonces = [randomUUID()];
    const gone = await bid({ itemId: 'nothing' }, signed({ nonces }));
    expect(gone.rejected).toEqual({ reasonCode: 'ITEM_NOT_FOUND' });
    expect(await faultOf(bid({ itemId: 'nothing' }, signed({ nonces })))).toMatchObject(REPLAYED);
    const refused = [randomUUID()];
    const fault = await faultOf(bid({ currencyCode: 'EUR' }, signed({ nonces: refused })));
    expect(fault.code).toBe('INVALID_ARGUMENT');
    expect(await faultOf(bid({}, signed({ nonces: refused })))).toMatchObject(REPLAYED);
  });

  test('for searches and reservations too', async () => {
    const nonces = [randomUUID()];
    await core.search({ query: '&' }, signed({ nonces }));
    const copies = [
      core.search({ query: '&' }, signed({ nonces })),
      core.reservation('AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ', signed({ nonces })),
      core.release('AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ', signed({ nonces })),
    ];
    const faults = await Promise.all(copies.map(faultOf));
    for (const fault of faults) expect(fault).toMatchObject(REPLAYED);
  });

  test('but the gateway may send the same request once more', async () => {
    const same = signed();
    await bid({}, same);
    await expect(bid({}, same, other)).resolves.toHaveProperty('countered');
  });

  test('and belongs to its agent', async () => {
    const [nonces, did] = [[randomUUID()], 'did:web:other.example'];
    await bid({}, signed({ nonces }));
    const theirs = signed({ nonces, agentDid: did });
    await expect(bid({ agent: { did } }, theirs)).resolves.toHaveProperty('countered');
  });

  test('also where a request has two, of which one was used', async () => {
    const used = randomUUID();
    await bid({}, signed({ nonces: [used] }));
    expect(await faultOf(bid({}, signed({ nonces: [randomUUID(), used] })))).toMatchObject(
      REPLAYED,
    );
  });

  test('until the signature has ended, when it is forgotten', async () => {
    const [ended, lasting] = [randomUUID(), randomUUID()];
    await bid({}, signed({ nonces: [ended], validUntilTimestamp: inSeconds(-3_600) }));
    await bid({}, signed({ nonces: [lasting] }));
    const before = await countNonces();
    const sweeping = await startCore(database);
    await eventually(async () => expect(await countNonces()).toBe(before - 1));
    expect(sweeping.events('nonces_swept')).toMatchObject([{ rows: 1 }]);
    await sweeping.close();
    expect(await faultOf(bid({}, signed({ nonces: [lasting] })))).toMatchObject(REPLAYED);
  });

  const countNonces = async (): Promise<number> =>
    (await database.query('select count(*)::int n from used_nonces'))[0].n;
});

describe('a session that was opened by a signed bid', () => {
  test('goes on with signed ones alone, also where somebody has its token', async () => {
    const { sessionToken } = await bid({}, signed());
    const stolen = await bid({ sessionToken });
    expect(stolen.rejected).toEqual({ reasonCode: 'SESSION_INVALID' });
    const next = await bid({ sessionToken }, signed());
    expect(next).toMatchObject({ sessionToken, countered: { reasonCode: 'BID_BELOW_ASK' } });
    const [row] = await database.query(
      'select round, is_verified from negotiation_sessions order by created_at desc limit 1',
    );
    expect(row).toEqual({ round: 2, is_verified: true });
  });

  test('gives an approved deal to its agent alone', async () => {
    const { sessionToken } = await bid({}, signed());
    await database.query(
      `with session as (update negotiation_sessions set status = 'approved'
         where id = (select id from negotiation_sessions order by created_at desc limit 1) returning id)
       insert into reservations (session_id, item_id, agent_did, code, price_minor, currency, held_until)
       select id, 'desk', $1, 'AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ', 80000, 'USD',
         now() + interval '1 hour' from session`,
      [DID],
    );
    expect((await bid({ sessionToken })).rejected).toEqual({ reasonCode: 'SESSION_INVALID' });
    expect((await bid({ sessionToken }, signed())).accepted?.finalPrice).toBe(800);
  });

  test('and one that was not may go on either way', async () => {
    const { sessionToken } = await bid();
    const goesOn = { sessionToken, countered: { reasonCode: 'BID_BELOW_ASK' } };
    expect(await bid({ sessionToken }, signed())).toMatchObject({ ...goesOn, round: 2 });
    expect(await bid({ sessionToken })).toMatchObject({ ...goesOn, round: 3 });
  });
});

test('nobody is told what a signed bid was answered by its idempotency key', async () => {
  const requestId = randomUUID();
  const answer = await bid({ requestId }, signed());
  expect(await bid({ requestId }, signed())).toEqual(answer);
  const fault = await faultOf(bid({ requestId }));
  expect(fault.reason).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('the log tells which bids were signed', async () => {
  const before = core.events('negotiation_countered').length;
  await bid({}, signed());
  await bid();
  const lines = core.events('negotiation_countered').slice(before);
  expect(lines.map((line) => line.agent_verified)).toEqual([true, false]);
});

test('whoever signed must be the one who bids', async () => {
  const fault = await faultOf(bid({ agent: { did: 'did:web:victim.example' } }, signed()));
  expect([fault.code, fault.fields]).toEqual(['INVALID_ARGUMENT', ['agent.did']]);
});

test.each([
  ['no message', Buffer.from([0xff, 0xff, 0xff])],
  ['an empty one', Buffer.alloc(0)],
  [
    'no nonce',
    encodeSignature({ agentDid: DID, validUntilTimestamp: 2e9, exchangeId: randomUUID() }),
  ],
  ['an empty nonce', signed({ nonces: [''] })],
  ['five nonces', signed({ nonces: ['a', 'b', 'c', 'd', 'e'] })],
  ['a long nonce', signed({ nonces: ['n'.repeat(257)] })],
  ['no agent', signed({ agentDid: '' })],
  ['no end', signed({ validUntilTimestamp: 0 })],
  ['an exchange id that is no UUID', signed({ exchangeId: 'again' })],
])('a signature with %s is refused by its name', async (_name, given) => {
  const options = Buffer.isBuffer(given) ? { metadata: { [SIGNATURE_METADATA]: given } } : given;
  const fault = await faultOf(bid({}, options));
  expect([fault.code, fault.fields]).toEqual(['INVALID_ARGUMENT', [SIGNATURE_METADATA]]);
});
