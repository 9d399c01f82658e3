import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatModel } from '../src/llm/chat-model.ts';
import { createLogger } from '../src/logger.ts';
import type { Proposal } from '../src/negotiation/ask-model.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const wish = { itemId: 'desk', bidAmount: 1, agent: { did: 'did:web:buyer.example' } };

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(() => database.close());

/** A model that answers when the test says so. */
function startThinking() {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Proposal>();
  const chat: ChatModel = {
    logger: createLogger({ level: 'silent', service: 'test' }),
    circuit: () => 'closed',
    ask: (_question, _agentDid, signal) => {
      asked.resolve();
      signal.addEventListener('abort', () => answer.reject(new Error('aborted')));
      return answer.promise as Promise<never>;
    },
  };
  return { chat, asked: asked.promise, answer };
}

const countSessions = async (): Promise<number> =>
  (await database.query('select count(*)::int n from negotiation_sessions'))[0].n;

test('a call that is under way is answered and written before core is gone', async () => {
  const { chat, asked, answer } = startThinking();
  const core = await startCore(database, { overrides: { chat } });
  const sessions = await countSessions();
  const call = core.negotiate(wish);
  await asked;
  const stopped = core.stop();
  answer.resolve({ move: 'concede', message: 'With pleasure.' });
  expect((await call).countered).toMatchObject({ humanMessage: 'With pleasure.' });
  await stopped;
  expect(await countSessions()).toBe(sessions + 1);
  await core.close();
});

test('a call that will not end is cut after the grace, and nothing is written', async () => {
  const { chat, asked } = startThinking();
  const env = { SHUTDOWN_GRACE_MS: '50' };
  const core = await startCore(database, { env, overrides: { chat } });
  const sessions = await countSessions();
  const call = faultOf(core.negotiate(wish));
  await asked;
  await core.stop();
  expect(['CANCELLED', 'UNAVAILABLE', 'INTERNAL']).toContain((await call).code);
  expect(await countSessions()).toBe(sessions);
  await core.close();
});
