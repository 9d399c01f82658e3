/**
 * The bare path's second half: gRPC, the recorded statements as named prepared ones, the recorded
 * answer. Nothing is checked, decided, logged or traced.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import pg from 'pg';
import type { NegotiateRequest__Output, SearchRequest__Output } from '../../../../proto/index.ts';
import { negotiationService } from '../../../../proto/index.ts';
import type { Recording, Slots, Statement, Step } from './recording.ts';
import { fillSlots } from './recording.ts';

const { DATABASE_URL, DATABASE_POOL_SIZE } = process.env;
const [file = ''] = process.argv.slice(2);
const { haggle, keyed, searches } = deserialize(readFileSync(file)) as Recording;
const max = Number(DATABASE_POOL_SIZE);
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max,
  min: max,
  options: '-c random_page_cost=1.1',
});

/** A haggle under way, by its token. Those that were let go of are forgotten, the oldest first. */
const haggles = new Map<string, { readonly slots: Slots; readonly at: number }>();
const MAX_HAGGLES = 1_000;

/** Names of statements are unique to the process: the embedded database has one session for all. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `bare_${process.pid}_${names.size}`;
    names.set(text, name);
  }
  return name;
}

/** @returns the first row of the last statement */
async function run({ statements }: Step, slots: Slots): Promise<Record<string, unknown>> {
  const isTransaction = statements.some(({ text }) => text === 'begin');
  const client = isTransaction ? await pool.connect() : undefined;
  let row: unknown;
  try {
    for (const statement of statements) row = await send(client ?? pool, statement, slots);
  } finally {
    client?.release();
  }
  return (row ?? {}) as Record<string, unknown>;
}

async function send(to: pg.Pool | pg.PoolClient, statement: Statement, slots: Slots) {
  const { text } = statement;
  const { rows } = await to.query({
    name: nameOf(text),
    text,
    values: fillSlots(statement, slots),
  });
  return rows[0] as unknown;
}

async function negotiate(request: NegotiateRequest__Output): Promise<object> {
  const { sessionToken, requestId, agent } = request;
  const under = haggles.get(sessionToken);
  const at = under?.at ?? 0;
  const step = requestId === '' ? haggle[at] : keyed;
  if (!step) throw new Error('the haggle has ended');
  const token = under ? sessionToken : `sess_${randomBytes(24).toString('base64url')}`;
  const slots: Slots = under?.slots ?? {
    agent: agent?.did,
    key: requestId,
    token_hash: createHash('sha256').update(token).digest(),
    code: randomUUID(),
  };
  const { session_id: session } = await run(step, slots);
  // The statement that writes a round returns its session; without a row nothing was written.
  if (session === undefined) throw new Error('no round was written');
  haggles.delete(sessionToken);
  if (requestId === '') haggles.set(token, { slots: { ...slots, session }, at: at + 1 });
  const [oldest = ''] = haggles.keys();
  if (haggles.size > MAX_HAGGLES) haggles.delete(oldest);
  return { ...step.answer, sessionToken: token };
}

async function search({ query }: SearchRequest__Output): Promise<object> {
  const step = searches[query];
  if (!step) throw new Error('the query was not recorded');
  await run(step, {});
  return step.answer;
}

const unary =
  <Request>(answer: (request: Request) => Promise<object>) =>
  async ({ request }: ServerUnaryCall<Request, object>, callback: sendUnaryData<object>) => {
    try {
      callback(null, await answer(request));
    } catch (error) {
      callback(error as Error);
    }
  };

const server = new Server();
server.addService(
  { Negotiate: negotiationService.Negotiate, Search: negotiationService.Search },
  { Negotiate: unary(negotiate), Search: unary(search) },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.({ event: 'server_started', port });
});
