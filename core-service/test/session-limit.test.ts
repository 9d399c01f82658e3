/** How many haggles of one item an agent may have open, whoever is asked and however many bids come at once. */
import { randomUUID } from 'node:crypto';
import { encodeSignature, SIGNATURE_METADATA } from '@aura/proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import type { Bid, CallOptions } from './grpc-client.ts';
import { faultOf } from './grpc-client.ts';

const LIMIT = 3;
const TOO_MANY = { code: 'FAILED_PRECONDITION', reason: 'TOO_MANY_OPEN_SESSIONS' };

let database: TestDatabase;
let core: Core;
let other: Core;
beforeAll(async () => {
  database = await startDatabase();
  const env = {
    MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM: String(LIMIT),
    HIGH_VALUE_THRESHOLDS: 'USD:2000',
  };
  [core, other] = [await startCore(database, { env }), await startCore(database, { env })];
  // Many bids come at once, and none of them is to wait for a connection to be made.
  for (const { ctx } of [core, other]) await ctx.database.warmUp();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  await addItem(database, { id: 'lamp', base: 9_000, floor: 6_000 });
});
afterAll(async () => {
  await core.close();
  await other.close();
  await database.close();
});

/** An agent that nobody has heard of. */
const newAgent = () => ({ did: `did:example:${randomUUID()}` });

const bid = (more: Partial<Bid>, options?: CallOptions, at = core) =>
  at.negotiate({ itemId: 'desk', bidAmount: 100, ...more }, options);
async function openAll(agent: { did: string }): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < LIMIT; i++) tokens.push((await bid({ agent })).sessionToken);
  return tokens;
}
const countSessions = async (did: string): Promise<number> =>
  (
    await database.query('select count(*)::int n from negotiation_sessions where agent_did = $1', [
      did,
    ])
  )[0].n;
/** Lets the oldest session of an agent end so many seconds from now. */
const endOldest = (did: string, seconds: number) =>
  database.query(
    `update negotiation_sessions set expires_at = now() + make_interval(secs => $2)
     where id = (select id from negotiation_sessions where agent_did = $1 order by created_at limit 1)`,
    [did, seconds],
  );
function signed(agentDid: string): CallOptions {
  const validUntilTimestamp = Math.floor(Date.now() / 1_000) + 60;
  const fresh = { nonces: [randomUUID()], validUntilTimestamp, exchangeId: randomUUID() };
  return { metadata: { [SIGNATURE_METADATA]: encodeSignature({ agentDid, ...fresh }) } };
}

test('one more is refused until the first one ends, and those that are open go on', async () => {
  const agent = newAgent();
  const [oldest] = await openAll(agent);
  await endOldest(agent.did, 40);
  const fault = await faultOf(bid({ agent }));
  expect(fault).toMatchObject(TOO_MANY);
  expect(fault.message).toContain(`${LIMIT} haggles open of one item`);
  expect(fault.retryAfterSeconds).toBeGreaterThan(20);
  expect(fault.retryAfterSeconds).toBeLessThanOrEqual(40);
  expect(core.events('session_limit_reached').at(-1)).toMatchObject({
    level: 'info',
    item_id: 'desk',
  });
  const next = await bid({ agent, sessionToken: oldest ?? '' });
  expect(next).toMatchObject({ round: 2, countered: { reasonCode: 'BID_BELOW_ASK' } });
  await endOldest(agent.did, 0);
  await expect(bid({ agent })).resolves.toHaveProperty('countered');
  expect(await faultOf(bid({ agent }))).toMatchObject(TOO_MANY);
  expect(await countSessions(agent.did)).toBe(LIMIT + 1);
});

describe('of 20 first bids at once at two cores exactly as many open a session as may', () => {
  test.each([
    ['', () => ({})],
    [', each under a key of its own', () => ({ requestId: randomUUID() })],
  ])('%s', async (_name, more) => {
    const agent = newAgent();
    const sent = Array.from({ length: 20 }, (_, i) =>
      bid({ agent, ...more() }, undefined, i % 2 === 0 ? core : other),
    );
    const results = await Promise.allSettled(sent);
    const refused = sent.filter((_call, i) => results[i]?.status === 'rejected');
    expect(refused).toHaveLength(20 - LIMIT);
    for (const call of refused) expect(await faultOf(call)).toMatchObject(TOO_MANY);
    expect(await countSessions(agent.did)).toBe(LIMIT);
  });
});

test('a bid that was answered is answered again, and one that was refused may come again', async () => {
  const [agent, requestId, refused] = [newAgent(), randomUUID(), randomUUID()];
  const answer = await bid({ agent, requestId });
  await bid({ agent });
  await bid({ agent });
  expect(await faultOf(bid({ agent, requestId: refused }))).toMatchObject(TOO_MANY);
  expect(await bid({ agent, requestId })).toEqual(answer);
  await endOldest(agent.did, 0);
  await expect(bid({ agent, requestId: refused })).resolves.toHaveProperty('countered');
});

test('each agent and each item is counted by itself', async () => {
  const agent = newAgent();
  await openAll(agent);
  await expect(bid({ agent, itemId: 'lamp', bidAmount: 10 })).resolves.toHaveProperty('countered');
  await expect(bid({ agent: newAgent() })).resolves.toHaveProperty('countered');
});

test('nobody who does not sign uses up what an agent may that does', async () => {
  const agent = newAgent();
  await openAll(agent);
  for (let i = 0; i < LIMIT; i++) await bid({ agent }, signed(agent.did));
  expect(await faultOf(bid({ agent }, signed(agent.did)))).toMatchObject(TOO_MANY);
});

test('a bid that waits for a person counts, and a haggle that has ended does not', async () => {
  const agent = newAgent();
  await expect(bid({ agent, bidAmount: 2_500 })).resolves.toHaveProperty('uiRequired');
  await expect(bid({ agent, bidAmount: 900 })).resolves.toHaveProperty('accepted');
  await bid({ agent });
  await bid({ agent });
  expect(await faultOf(bid({ agent }))).toMatchObject(TOO_MANY);
  await database.query(
    `update negotiation_sessions set status = 'declined' where agent_did = $1 and status = 'pending'`,
    [agent.did],
  );
  await expect(bid({ agent })).resolves.toHaveProperty('countered');
});

test('what stands whatever is bid is answered as ever', async () => {
  const agent = newAgent();
  await openAll(agent);
  const gone = await bid({ agent, itemId: 'nothing' });
  expect(gone.rejected).toEqual({ reasonCode: 'ITEM_NOT_FOUND' });
  const unknown = await bid({ agent, sessionToken: 'sess_that_nobody_was_given' });
  expect(unknown.rejected).toEqual({ reasonCode: 'SESSION_INVALID' });
});

test('no model is asked about a bid that is refused', async () => {
  let asked = 0;
  const ask = (): Promise<never> => {
    asked++;
    return Promise.reject(new Error('it has nothing to say'));
  };
  const chat = { logger: core.ctx.logger, circuit: () => 'closed' as const, ask };
  const env = { MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM: '1' };
  const talking = await startCore(database, { env, overrides: { chat } });
  const agent = newAgent();
  await bid({ agent }, undefined, talking);
  expect(await faultOf(bid({ agent }, undefined, talking))).toMatchObject(TOO_MANY);
  expect(asked).toBe(1);
  await talking.close();
});

test('without a limit an agent opens as many as it likes', async () => {
  const free = await startCore(database);
  const agent = newAgent();
  for (let i = 0; i <= LIMIT; i++) await bid({ agent }, undefined, free);
  expect(await countSessions(agent.did)).toBe(LIMIT + 1);
  await free.close();
});
