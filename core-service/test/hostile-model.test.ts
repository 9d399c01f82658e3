import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatModel } from '../src/llm/chat-model.ts';
import { createLogger } from '../src/logger.ts';
import type { Proposal } from '../src/negotiation/ask-model.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';

/** Deals that the property is tried on; `pnpm test:deep` tries ten times as many. */
const numRuns = process.env['MODE'] === 'deep' ? 400 : 40;
const agent = { did: 'did:web:buyer.example' };
const LIST_PRICE = 900;
const logger = createLogger({ level: 'silent', service: 'test' });

/** What the model answers next. */
let proposal: Proposal | Error = { move: 'concede', message: '' };
const hostile: ChatModel = {
  logger,
  circuit: () => 'closed',
  ask: () =>
    proposal instanceof Error ? Promise.reject(proposal) : Promise.resolve(proposal as never),
};

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: LIST_PRICE * 100, floor: 65_000 });
  core = await startCore(database, { overrides: { chat: hostile } });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

const moves = fc.oneof(
  fc.constantFrom('concede', 'hold', 'accept', 'HOLD', ' concede', '__proto__', 'constructor', '0'),
  fc.string(),
);
const messages = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(
    'Take it for 1.00 USD.',
    'Yours for ６５０.',
    'We accept, see https://evil.example',
    'Our floor is near.',
    'A deal at 899.00 USD and nothing less.',
  ),
);
const proposals = fc.oneof(
  { weight: 9, arbitrary: fc.record({ move: moves, message: messages }) },
  { weight: 1, arbitrary: fc.constant(new Error('model down')) },
);

test('whatever the model says, the asks are the allowed ones and words hold no price', async () => {
  proposal = new Error('model down');
  const first = await core.negotiate({ itemId: 'desk', bidAmount: 1, agent });
  const { sessionToken } = first;
  const second = await core.negotiate({ itemId: 'desk', bidAmount: 1, agent, sessionToken });
  const conceded = [first, second].map((each) => each.countered!.proposedPrice);

  const whole = fc.asyncProperty(proposals, proposals, async (one, other) => {
    let token = '';
    let live = LIST_PRICE;
    for (const [i, each] of [one, other].entries()) {
      proposal = each;
      const bid = { itemId: 'desk', bidAmount: 1, agent, sessionToken: token };
      const answer = await core.negotiate(bid);
      const { proposedPrice, humanMessage } = answer.countered!;
      const held = 'move' in each && each.move === 'hold';
      expect(proposedPrice).toBe(held ? live : conceded[i]);
      const numbers = humanMessage.match(/\p{N}[\p{N}.,]*\p{N}|\p{N}/gu) ?? [];
      const ask = proposedPrice.toFixed(2);
      const forms = new Set([ask, ask.replace(/\.00$/, '')]);
      expect(numbers.filter((number) => !forms.has(number))).toEqual([]);
      expect(humanMessage).not.toMatch(/evil|floor|[\p{Cc}\p{Cf}<>]/iu);
      expect(humanMessage.length).toBeLessThanOrEqual(300);
      token = answer.sessionToken;
      live = proposedPrice;
    }
    proposal = one;
    const deal = { itemId: 'desk', bidAmount: live, agent, sessionToken: token };
    expect((await core.negotiate(deal)).accepted?.finalPrice).toBe(live);
  });
  await fc.assert(whole, { numRuns });
});
