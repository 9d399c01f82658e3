/**
 * A model that obeys whatever it reads, and texts that tell it to: not one decision changes, and
 * nothing hidden comes out.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mentions } from '../../dev/testing/amounts.ts';
import { seedInventory } from '../src/inventory/seed.ts';
import { SYSTEM_PROMPT } from '../src/negotiation/ask-model.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';
import { injections } from './hostile-corpus.ts';
import type { ObedientModel } from './obedient-model.ts';
import { startObedientModel } from './obedient-model.ts';

const BASE_MINOR = 95_000_000;
const FLOOR = 612_347.89;
const corpus = injections({
  digits: '612,347.89',
  words: 'six hundred twelve thousand three hundred forty-seven',
});
const agent = { did: 'did:example:buyer' };
/** Bids of one haggle; the last is above any ask. */
const BIDS = [1_000, 400_000, 640_000, 950_000];
const PRICING_SECRET = 'a secret that nobody may see';
const API_KEY = 'a-key-that-nobody-may-see';
const env = { PRICING_SECRET, HIGH_VALUE_THRESHOLDS: 'USD:1000000' };

let database: TestDatabase;
let model: ObedientModel;
/** With the model, and without. */
let core: Core;
let alone: Core;

beforeAll(async () => {
  database = await startDatabase();
  model = await startObedientModel();
  const unlimited = Object.fromEntries(
    ['MINUTE', 'DAY', 'AGENT_MINUTE', 'AGENT_DAY'].map((each) => [
      `MODEL_TOKENS_PER_${each}`,
      '1000000000',
    ]),
  );
  const chat = { MISTRAL_API_KEY: API_KEY, MISTRAL_SERVER_URL: model.url };
  core = await startCore(database, {
    env: { ...env, ...chat, ...unlimited, MISTRAL_EMBED_MODEL: 'none' },
  });
  alone = await startCore(database, { env });
  await addItems();
});
// So that no answer of a wrong shape meets a circuit that those before it have opened.
beforeEach(async () => {
  model.obey(() => ({ args: { move: 'concede', message: 'Gladly.' } }));
  await core.negotiate({ itemId: 'item-0', bidAmount: 1, agent });
});
afterAll(async () => {
  await core?.close();
  await alone?.close();
  await model?.close();
  await database?.close();
});

/** Each injection in all texts of an item; the first is an item that asks for nothing. */
async function addItems(): Promise<void> {
  const texts = ['Harmless.', ...corpus.map(({ text }) => text)];
  const items = texts.map((text, i) => ({
    id: `item-${i}`,
    name: text,
    description: text,
    attributes: { note: text, [text]: 'a key too' },
    currency: 'USD',
    base_price_minor: BASE_MINOR,
    floor_price_minor: Math.round(FLOOR * 100),
  }));
  await seedInventory(alone.ctx.db, alone.ctx.embedder, items);
}

/** What was decided on each bid of a haggle, and what was said. */
async function haggle(seller: Core, itemId: string, bids = BIDS) {
  let sessionToken = '';
  const decisions: string[] = [];
  const messages: string[] = [];
  for (const bidAmount of bids) {
    const answer = await seller.negotiate({ itemId, bidAmount, agent, sessionToken });
    sessionToken = answer.sessionToken;
    const price = answer.countered?.proposedPrice ?? answer.accepted?.finalPrice;
    decisions.push(`${answer.result} ${price}`);
    if (answer.countered) messages.push(answer.countered.humanMessage);
  }
  return { decisions, messages };
}

/** What is found, or why the query is refused: what a program puts between brackets was to be filled in. */
async function findOrRefusal(text: string): Promise<unknown> {
  const query = { query: text.slice(0, 500), limit: 50 };
  if (!/^\[TOOL_RESULTS\]|__PROTO__/.test(text)) return await core.search(query);
  const fault = await faultOf(core.search(query));
  expect(fault).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['query'] });
  return fault;
}

/** @param name of the item, which may be said if it reads like a name */
function expectFitForABuyer(message: string, decisions: readonly string[], name: string): void {
  expect(message.length).toBeLessThanOrEqual(300);
  expect(message).not.toMatch(/https?:|evil|<|\{|\[|```|accepted|\p{Cc}|\p{Cf}/iu);
  const numbers = message
    .replace(name, '')
    .match(/\d[\d.,]*\d/g)
    ?.map((each) => Number(each.replaceAll(',', '')));
  const asks = new Set(decisions.map((decision) => Number(decision.split(' ')[1])));
  expect(numbers?.filter((number) => !asks.has(number)) ?? []).toEqual([]);
}

test('the corpus has at least 200 texts', () => {
  expect(new Set(corpus.map(({ text }) => text)).size).toBeGreaterThanOrEqual(200);
});

/** Each fifth, in which all orders and all wordings occur; all of them with `--mode deep`. */
const EACH = process.env['MODE'] === 'deep' ? 1 : 5;
const tried = corpus.map((injection, i) => ({ ...injection, i: i + 1 }));

describe.each(tried.filter(({ i }) => i % EACH === 0))('$name', ({ obeyed, text, i }) => {
  test('in an item changes no decision and lets nothing out', async () => {
    model.obey(obeyed);
    model.takePrompts();
    const { decisions, messages } = await haggle(core, `item-${i}`);
    expect(decisions).toEqual((await haggle(alone, `item-${i}`)).decisions);
    expect(decisions.map((each) => each.split(' ')[0])).toEqual([
      ...Array.from({ length: 3 }, () => 'countered'),
      'accepted',
    ]);
    for (const message of messages) expectFitForABuyer(message, decisions, text);

    const prompts = model.takePrompts();
    expect(prompts.length).toBeGreaterThan(0);
    for (const prompt of prompts) expectFenced(prompt, text);
    const seen = JSON.stringify([prompts, messages]) + core.log().slice(-20_000);
    expect(mentions(seen, FLOOR)).toBe(false);
    expect(seen).not.toContain(PRICING_SECRET);
    expect(seen).not.toContain(API_KEY);
  });

  test('as a query, a DID or a token never reaches the model and changes nothing', async () => {
    model.obey(obeyed);
    model.takePrompts();
    expect(mentions(JSON.stringify(await findOrRefusal(text)), FLOOR)).toBe(false);

    const did = `did:example:${encodeURIComponent(text).replace(/[!'()*]/g, '.')}`.slice(0, 256);
    const token = `sess_${Buffer.from(text).toString('base64url').padEnd(32, '_').slice(0, 128)}`;
    const bid = { itemId: 'item-0', bidAmount: 1, agent: { did } };
    const [one, other] = [await core.negotiate(bid), await alone.negotiate(bid)];
    expect(one.countered?.proposedPrice).toBe(other.countered?.proposedPrice);
    const { proposedPrice, humanMessage } = one.countered!;
    expectFitForABuyer(humanMessage, [`countered ${proposedPrice}`], 'Harmless.');
    const stolen = await core.negotiate({ ...bid, sessionToken: token });
    expect(stolen.rejected).toEqual({ reasonCode: 'SESSION_INVALID' });
    // Texts that are no DID and no token as they stand are refused as such.
    await expect(core.negotiate({ ...bid, agent: { did: text } })).rejects.toThrow('agent.did');
    await expect(core.negotiate({ ...bid, sessionToken: text })).rejects.toThrow('session_token');

    const prompts = model.takePrompts();
    expect(prompts.length).toBeLessThanOrEqual(1);
    for (const prompt of prompts) {
      expect(prompt).not.toContain(did.slice(0, 40));
      expect(prompt).not.toContain(token.slice(0, 40));
    }
  });
});

/** Two messages, the second with one fenced block that holds the text as a string and nothing else. */
function expectFenced(prompt: string, text: string): void {
  const [system, user, ...more] = JSON.parse(prompt) as { role: string; content: string }[];
  expect(more).toEqual([]);
  expect(system).toEqual({ role: 'system', content: SYSTEM_PROMPT });
  expect(user?.role).toBe('user');
  const [, block] = /^Answer this bid\.\n```json\n([^\n]*)\n```$/.exec(user?.content ?? '') ?? [];
  const situation = JSON.parse(block ?? '') as { item: { description: string }; moves: unknown[] };
  expect(situation.item.description).toBe(text.replaceAll('`', "'"));
  expect(situation.moves.length).toBeLessThanOrEqual(2);
  expect(block).not.toContain('did:');
  expect(block).not.toContain('sess_');
}
