/** What the seller is told of a haggle afterwards, and the buyer is not. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runInProcess } from './command-line.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';
import { startWithModel } from './model-harness.ts';

const agent = { did: 'did:web:buyer.example' };
const TRACE = '0af7651916cd43dd8448eb211c80319c';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
beforeEach(async () => {
  await database.query(`truncate reservations, negotiation_sessions, inventory_items cascade`);
  await addItem(database, { id: 'desk', base: 90_000, floor: 61_234 });
});
afterAll(() => database.close());

const explain = (...args: string[]) =>
  runInProcess(['deals', 'explain', ...args], { DATABASE_URL: database.url });

/** Three rounds: of the model, of the policy alone after new terms, and the deal. */
async function haggle() {
  const { core, setFault } = await startWithModel(database, 'none');
  const bid = (bidAmount: number, sessionToken = '') =>
    core.negotiate({ itemId: 'desk', bidAmount, agent, sessionToken });
  const first = await bid(650);
  await setFault('500');
  await database.query(`update inventory_items set rounds = 4 where id = 'desk'`);
  const second = await bid(660, first.sessionToken);
  const third = await bid(second.countered!.proposedPrice, first.sessionToken);
  const asks = [first, second].map(({ countered }) => countered!.proposedPrice.toFixed(2));
  return { core, bid, asks, sessionId: third.sessionId, code: third.accepted!.reservationCode };
}

test('a deal is explained round by round, by its code and by its id', async () => {
  const { asks, sessionId, code } = await haggle();
  await database.query(`update negotiation_rounds set traceparent = $1 where round = 2`, [
    `00-${TRACE}-b7ad6b7169203331-01`,
  ]);
  const { stdout } = await explain(code);
  expect((await explain(sessionId.toUpperCase())).stdout).toBe(stdout);
  const lines = stdout.replaceAll(/\d{4}-\S+T\S+Z/g, 'TIME').split('\n');
  expect(lines.slice(0, 2)).toEqual([
    `${sessionId}  deal  ${asks[1]} USD`,
    `  Walnut desk (desk), for ${agent.did}, who does not sign`,
  ]);
  expect(lines.slice(2, 6).map((line: string) => line.trim().split(/ +/))).toEqual([
    ['round', 'at', 'bid', 'ask', 'outcome', 'strategy', 'words', 'signed', 'trace'],
    ['1', 'TIME', '650.00', asks[0], 'countered', 'model', 'model', 'no', '-'],
    ['2', 'TIME', '660.00', asks[1], 'countered', 'policy', 'template', 'no', TRACE],
    ['3', 'TIME', asks[1], asks[1], 'accepted', 'policy', '-', 'no', '-'],
  ]);
  expect(lines.slice(6, 8)).toEqual([
    expect.stringMatching(/^ {2}from round 1: policy 1, list price 900.00 USD, .*, rounds 10, /),
    expect.stringMatching(/^ {2}from round 2: policy 1, .* floor 612.34 USD, rounds 4, /),
  ]);
  expect(lines.slice(8)).toEqual(['']);
});

test('a haggle without a deal is explained too, for programs with --json', async () => {
  const { bid } = await haggle();
  const { sessionId, countered } = await bid(1);
  const { stdout } = await explain(sessionId, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    deal_id: sessionId,
    ended: 'open',
    agent_verified: false,
    price: null,
    rounds: [
      {
        round: 1,
        bid: 1,
        ask: countered!.proposedPrice,
        strategy: 'policy',
        words: 'template',
        signed: false,
        policy_version: '1',
        terms: { list_price: 900, floor: 612.34, rounds: 4 },
      },
    ],
  });
});

test('a round of the release before is told as far as it was kept', async () => {
  const { sessionId } = await haggle();
  await database.query(
    `update negotiation_rounds set strategy = null, words = null, is_verified = null,
       policy_version = null, terms = null where round = 1`,
  );
  const lines = (await explain(sessionId)).stdout.split('\n');
  expect(lines[3]).toMatch(/ countered +- +- +- +-$/);
  expect(lines[6]).toBe('  from round 1: terms that were not kept');
});

test('one that is not there, and what names none', async () => {
  const missing = await explain('00000000-0000-4000-8000-000000000000');
  expect(missing).toEqual({ code: 1, stdout: '', stderr: 'there is no such haggle\n' });
  expect((await explain('desk')).stderr).toMatch(/^DEAL must be a deal's id/);
});
