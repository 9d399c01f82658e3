/** A limit that is changed in its one place changes at both edges. */
import { afterAll, expect, test, vi } from 'vitest';

vi.mock('../../proto/limits.ts', async (original) => ({
  ...(await original<object>()),
  ITEM_ID: { pattern: '^item-[0-9]$', words: 'an item of this test' },
  AGENT_ID: { pattern: '^agent-[0-9]$', words: 'an agent of this test' },
  SESSION_TOKEN: { pattern: '^token-[0-9]$', words: 'a token of this test' },
  RESERVATION_CODE: { pattern: '^code-[0-9]$', words: 'a code of this test' },
  CURRENCY_CODE: { pattern: '^[A-Z]{3}$', words: 'a currency of this test' },
  MAX_IDEMPOTENCY_KEY_LENGTH: 5,
  MAX_AMOUNT: 10,
  MAX_QUERY_LENGTH: 6,
  MAX_SEARCH_LIMIT: 7,
  MAX_ATTRIBUTES: 1,
  MAX_ATTRIBUTE_NAME_LENGTH: 2,
  MAX_ATTRIBUTE_TEXT_LENGTH: 3,
}));

const { startGateway } = await import('../../api-gateway/test/gateway.ts');
const core = await import('../../core-service/src/grpc/validate.ts');
const { readItem } = await import('../../core-service/src/inventory/item-row.ts');

const { app, post, close } = await startGateway();
afterAll(close);

const bid = { item_id: 'item-1', bid_amount: 10, agent_did: 'agent-1' };
const search = { query: 'x'.repeat(6) };

/** What each edge says to one value: an HTTP status, and core's problem with it. */
type Edges = readonly [Promise<number>, string | undefined];

async function expectAtBoth(taken: Edges, refused: Edges): Promise<void> {
  expect([await taken[0], taken[1]]).toEqual([200, undefined]);
  expect([await refused[0], refused[1]]).toEqual([400, expect.stringMatching(/^must /)]);
}

async function negotiate(change: object, headers = {}): Promise<number> {
  return (await post('/v1/negotiate', { ...bid, ...change }, headers)).statusCode;
}

async function find(change: object): Promise<number> {
  return (await post('/v1/search', { ...search, ...change })).statusCode;
}

test.each([
  ['item_id', core.itemId, 'item-1', 'desk'],
  ['agent_did', core.agentDid, 'agent-1', 'did:web:a'],
  ['session_token', core.sessionToken, 'token-1', 'sess_0123456789abcdef'],
  ['bid_amount', core.bidAmount, 10, 10.01],
] as const)('a bid’s %s', async (field, check, good, bad) => {
  const both = (value: unknown): Edges => [negotiate({ [field]: value }), check(value as never)];
  await expectAtBoth(both(good), both(bad));
});

test('an idempotency key', async () => {
  const both = (key: string): Edges => [
    negotiate({}, { 'idempotency-key': key }),
    core.requestId(key),
  ];
  await expectAtBoth(both('12345'), both('123456'));
});

test.each([
  ['query', core.query, 'x'.repeat(6), 'x'.repeat(7)],
  ['limit', core.limit, 7, 8],
  ['max_price', core.maxPrice, 10, 10.01],
] as const)('a search’s %s', async (field, check, good, bad) => {
  const both = (value: unknown): Edges => [find({ [field]: value }), check(value as never)];
  await expectAtBoth(both(good), both(bad));
});

test('a search’s attributes', async () => {
  const count = (names: string): Edges => [
    find({ attributes: Object.fromEntries([...names].map((name) => [name, 1])) }),
    core.attributeCount(names.length),
  ];
  await expectAtBoth(count('a'), count('ab'));
  const both = (name: string, value: string): Edges => [
    find({ attributes: { [name]: value } }),
    core.attribute(name, value),
  ];
  await expectAtBoth(both('ab', 'c'), both('abc', 'c'));
  await expectAtBoth(both('a', 'bcd'), both('a', 'bcde'));
  await expectAtBoth(both('é🏖', '🏖🏖🏖'), both('a', '🏖🏖🏖🏖'));
});

test('a reservation code', async () => {
  const both = (code: string): Edges => [
    app.inject(`/v1/reservations/${code}`).then(({ statusCode }) => statusCode),
    core.reservationCode(code),
  ];
  await expectAtBoth(both('code-1'), both('AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ'));
});

test('an import has the same ids', () => {
  const problem = { line: 1, column: 'id', reason: 'must be an item of this test, not "desk"' };
  expect(readItem(1, { id: 'desk' })).toContainEqual(problem);
});

test('the words are the same too', async () => {
  const answer = await post('/v1/negotiate', { ...bid, currency: 'usd' });
  const { message } = answer.json().errors[0];
  expect(message).toBe('must be a currency of this test');
  expect(core.currencyCode('usd')).toBe(message);
});
