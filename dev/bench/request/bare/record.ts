/**
 * Runs core on DATABASE_URL, sends it one request of each kind, and writes what it asked the database,
 * and answered, to the file that it is given. So the bare path follows core when its SQL changes.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import pg from 'pg';
import { readConfig } from '../../../../core-service/src/config.ts';
import { createContext } from '../../../../core-service/src/context.ts';
import { createLogger } from '../../../../core-service/src/logger.ts';
import { hashToken } from '../../../../core-service/src/negotiation/session-token.ts';
import { requestScope } from '../../../../core-service/src/request-scope.ts';
import { buildServer } from '../../../../core-service/src/server.ts';
import { createGrpcClient } from '../../../../core-service/test/grpc-client.ts';
import { AGENT, ITEM, LOW_BIDS, QUERIES } from '../scenarios.ts';
import type { Recording, Slots, Statement, Step } from './recording.ts';
import { withSlots } from './recording.ts';

const [file = ''] = process.argv.slice(2);
const seen: Statement[] = [];
// Each pool has connections of this class, whatever builds the statements.
const { query } = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
pg.Client.prototype.query = function note(this: pg.Client, ...args: unknown[]): never {
  const [first, second] = args;
  const config = (typeof first === 'string' ? { text: first } : first) as Partial<pg.QueryConfig>;
  const values = config.values ?? (Array.isArray(second) ? second : []);
  // What core does in the background, such as sweeping, belongs to no request.
  if (requestScope.getStore()) seen.push({ text: config.text ?? '', values: [...values] });
  return query.apply(this, args) as never;
};

const config = readConfig({ ...process.env, GRPC_PORT: '0', LOG_LEVEL: 'silent' });
const logger = createLogger({ level: config.logLevel, service: config.serviceName });
const ctx = await createContext(config, logger);
const server = await buildServer(ctx);
const core = createGrpcClient(await server.listen());

async function record<Answer extends object>(
  request: () => Promise<Answer>,
  slotsOf: (answer: Answer) => Promise<Slots> | Slots,
): Promise<Step & { readonly answer: Answer }> {
  seen.length = 0;
  const answer = await request();
  const statements = [...seen];
  const slots = await slotsOf(answer);
  return { statements: statements.map((each) => withSlots(each, slots)), answer };
}

async function sessionSlots(sessionToken: string): Promise<Slots> {
  const hash = hashToken(sessionToken);
  const sql = 'select id from negotiation_sessions where token_hash = $1';
  const { rows } = await lookUp.query<{ id: string }>(sql, [hash]);
  return { agent: AGENT, token_hash: hash, session: rows[0]?.id };
}

const lookUp = new pg.Client({ connectionString: config.database.url });
await lookUp.connect();
const bid = { itemId: ITEM, agent: { did: AGENT } };
const haggle: Step[] = [];
let sessionToken = '';
let ask = 0;
for (const low of [...LOW_BIDS, undefined]) {
  const step = await record(
    () => core.negotiate({ ...bid, sessionToken, bidAmount: low ?? ask }),
    async (answer) => ({
      ...(await sessionSlots(answer.sessionToken)),
      code: answer.accepted?.reservationCode,
    }),
  );
  haggle.push(step);
  ({ sessionToken } = step.answer);
  ask = step.answer.countered?.proposedPrice ?? ask;
}
const requestId = randomUUID();
const keyed = await record(
  () => core.negotiate({ ...bid, requestId, bidAmount: LOW_BIDS[0] ?? 0 }),
  async (answer) => ({ ...(await sessionSlots(answer.sessionToken)), key: requestId }),
);
const searches: Record<string, Step> = {};
for (const each of QUERIES) {
  const search = () => core.search({ query: each, limit: 3, minSimilarity: 0 });
  searches[each] = await record(search, () => ({}));
}
writeFileSync(file, serialize({ keyed, haggle, searches } satisfies Recording));

core.close();
await lookUp.end();
await server.close();
await ctx.close();
