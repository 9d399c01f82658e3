/** The bare path does what core does to the database, or it would be compared with nothing. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../../../core-service/test/core-harness.ts';
import { startDatabase } from '../../../../core-service/test/core-harness.ts';
import { bidOf, LOW_BIDS, QUERIES } from '../scenarios.ts';
import { record } from '../run.ts';
import type { Stack } from '../stack.ts';
import { startStack } from '../stack.ts';

const CLI = join(import.meta.dirname, '../../../../core-service/src/cli.ts');

let database: TestDatabase;
let folder: string;
let stack: Stack;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aura-test-'));
  database = await startDatabase();
  const shared = { databaseUrl: database.url, poolSize: 1, recording: join(folder, 'recording') };
  const env = { ...process.env, DATABASE_URL: database.url, DATABASE_POOL_SIZE: '1' };
  await promisify(execFile)(process.execPath, [CLI, 'db', 'seed'], { env });
  await record(shared.recording, shared);
  stack = await startStack('bare', { says: '', isBare: true }, { ...shared, sinkPort: undefined });
});

afterAll(async () => {
  await stack.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function post(path: string, body: object, headers = {}): Promise<any> {
  const response = await fetch(`${stack.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return await response.json();
}

/** What the database holds of the haggles of an agent; core's own of the recording are another's. */
function holds(agent: string): Promise<any[]> {
  return database.query(
    `select s.status, s.round, r.outcome, r.bid_minor::int as bid, d.price_minor::int as price
     from negotiation_sessions s join negotiation_rounds r on r.session_id = s.id
       left join reservations d on d.session_id = s.id
     where s.agent_did = $1 order by s.created_at, r.round`,
    [agent],
  );
}

test('a haggle writes the rounds and the deal that core wrote', async () => {
  const agent = 'did:example:haggler';
  let answer: any = {};
  for (const bid of [...LOW_BIDS, undefined]) {
    const { session_token, data } = answer;
    const amount = bid ?? data.proposed_price;
    answer = await post('/v1/negotiate', { ...bidOf(amount), agent_did: agent, session_token });
  }
  expect(answer.status).toBe('accepted');
  const own = await holds(agent);
  expect(own.map(({ outcome }) => outcome)).toEqual([
    ...LOW_BIDS.map(() => 'countered'),
    'accepted',
  ]);
  const recorded = await holds('did:example:bench');
  expect(own).toEqual(recorded.slice(0, own.length));
});

test('each first bid opens a session of its own', async () => {
  const agent = 'did:example:bidder';
  const bid = { ...bidOf(LOW_BIDS[0]), agent_did: agent };
  const answers = await Promise.all([1, 2, 3].map(() => post('/v1/negotiate', bid)));
  expect(new Set(answers.map(({ session_token }) => session_token)).size).toBe(3);
  expect(await holds(agent)).toHaveLength(3);
});

test('a bid with a key writes the key and its answer', async () => {
  const bid = { ...bidOf(LOW_BIDS[0]), agent_did: 'did:example:keyed' };
  await post('/v1/negotiate', bid, { 'idempotency-key': 'one' });
  await post('/v1/negotiate', bid, { 'idempotency-key': 'two' });
  const keys = await database.query(
    `select request_id, answer is not null as answered from idempotency_keys
     where agent_did = 'did:example:keyed' order by request_id`,
  );
  expect(keys).toEqual([
    { request_id: 'one', answered: true },
    { request_id: 'two', answered: true },
  ]);
  expect(await holds('did:example:keyed')).toHaveLength(2);
});

test('a search answers what core answered', async () => {
  const { results } = await post('/v1/search', { query: QUERIES[1] });
  expect(results[0]).toMatchObject({ id: 'hotel_alpha', price: 1000, currency: 'USD' });
  expect(results).toHaveLength(3);
});
