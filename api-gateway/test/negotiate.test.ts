import type { NegotiateResponse } from '@aura/proto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { expectFields, expectProblem, startGateway } from './gateway.ts';

const { core, post, close } = await startGateway();
afterEach(() => core.reset());
afterAll(close);

const bid = { item_id: 'hotel_alpha', bid_amount: 850, agent_did: 'did:example:buyer' };
const token = 'sess_0123456789abcdef';
const base = { sessionToken: token, validUntilTimestamp: 1_795_365_496 };
const answered = { session_token: token, valid_until: 1_795_365_496 };

test('asks core with only what is required', async () => {
  await post('/v1/negotiate', bid);
  expect(core.bids.map(({ request }) => request)).toEqual([
    {
      requestId: '',
      itemId: 'hotel_alpha',
      bidAmount: 850,
      currencyCode: '',
      agent: { did: 'did:example:buyer', reputationScore: 0 },
      sessionToken: '',
    },
  ]);
});

test('hands over everything', async () => {
  const body = { ...bid, bid_amount: 850.25, currency: 'EUR', session_token: token };
  const headers = { 'idempotency-key': 'try-1', 'x-request-id': 'order-7' };
  expect((await post('/v1/negotiate', body, headers)).statusCode).toBe(200);
  expect(core.bids[0]?.request).toEqual({
    requestId: 'try-1',
    itemId: 'hotel_alpha',
    bidAmount: 850.25,
    currencyCode: 'EUR',
    agent: { did: 'did:example:buyer', reputationScore: 0 },
    sessionToken: token,
  });
  expect(core.bids[0]?.metadata.get('x-request-id')).toEqual(['order-7']);
});

const statuses: [string, Partial<NegotiateResponse>, object][] = [
  [
    'accepted',
    { accepted: { finalPrice: 986.5, reservationCode: 'AURA-1' } },
    { data: { final_price: 986.5, reservation_code: 'AURA-1' } },
  ],
  [
    'countered',
    { countered: { proposedPrice: 986, reasonCode: 'BID_BELOW_ASK', humanMessage: 'Nearly.' } },
    { data: { proposed_price: 986, message: 'Nearly.', reason_code: 'BID_BELOW_ASK' } },
  ],
  [
    'countered',
    {
      countered: { proposedPrice: 9, reasonCode: 'LAST_OFFER', humanMessage: 'No.', roundsLeft: 0 },
    },
    { data: { proposed_price: 9, message: 'No.', reason_code: 'LAST_OFFER', rounds_left: 0 } },
  ],
  [
    'rejected',
    { rejected: { reasonCode: 'ITEM_NOT_FOUND' } },
    { data: { reason_code: 'ITEM_NOT_FOUND' } },
  ],
  [
    'ui_required',
    { uiRequired: { templateId: 'high_value_confirm', contextData: { reason: 'High.' } } },
    { action_required: { template: 'high_value_confirm', context: { reason: 'High.' } } },
  ],
];

test.each(statuses)('answers %s, with nothing beside it', async (status, result, expected) => {
  core.negotiate = () => ({ ...base, ...result });
  const answer = await post('/v1/negotiate', bid);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ ...answered, status, ...expected });
});

test('an answer without a result is an opaque 500', async () => {
  core.negotiate = () => base;
  expect(expectProblem(await post('/v1/negotiate', bid), 500).detail).not.toContain('result');
});

test.each([
  ['the smallest bid', { bid_amount: 5e-324 }],
  ['the largest bid', { bid_amount: 1e9 }],
  ['an item id of 64 characters', { item_id: 'aZ0_.:-x'.repeat(8) }],
  ['a DID of 256 characters', { agent_did: `did:web:${'x'.repeat(248)}` }],
  ['a DID with a port and a path', { agent_did: 'did:web:example.com%3A8080:agents:7' }],
  ['an agent that is no DID', { agent_did: 'test-agent' }],
  ['an agent of one character', { agent_did: '!' }],
  ['an agent of 256 visible characters', { agent_did: '~'.repeat(256) }],
  ['an agent that only looks like a DID', { agent_did: 'DID:web:a' }],
  ['an agent with what separates elsewhere', { agent_did: 'a,b;c="d"\\e%0A%f\'<&>' }],
])('takes %s', async (_name, change) => {
  expect((await post('/v1/negotiate', { ...bid, ...change })).statusCode).toBe(200);
});

describe('refuses, and asks core nothing', () => {
  const bad: Record<string, readonly string[]> = {
    bid_amount: [
      '0',
      '-0',
      '-1',
      '1e400',
      '-1e400',
      '1000000000.01',
      '"850"',
      'true',
      'null',
      '[]',
    ],
    currency: ['"usd"', '"US"', '"USDD"', '"US1"', '"$"', '""', '"USD\\n"', '840'],
    item_id: [
      '""',
      '"a b"',
      `"${'x'.repeat(65)}"`,
      '"a\\u0000"',
      '"\\ud83d"',
      '"a/b"',
      '7',
      'null',
    ],
    agent_did: [
      '""',
      '"did:"',
      '"did:web"',
      '"did:web:"',
      '"did:WEB:a"',
      '"did:web:a b"',
      '"did:web:a/b"',
      '"test agent"',
      '" test-agent"',
      '"test-agent\\n"',
      '"test\\r\\nagent"',
      '"test\\u0000agent"',
      '"\\u001b[31m"',
      '"\\u007f"',
      '"caf\u00e9"',
      '"\\u2028"',
      '"\\ud83d"',
      '7',
      'null',
    ],
    session_token: ['""', '"sess_"', '"0123456789abcdef0123"', `"${token} "`, '5'],
  };
  const tooLong = [`"did:web:${'x'.repeat(249)}"`, `"${'x'.repeat(257)}"`];
  const cases = Object.entries({ ...bad, agent_did: [...(bad['agent_did'] ?? []), ...tooLong] });
  test.each(cases.flatMap(([field, values]) => values.map((value) => [field, value] as const)))(
    '%s: %s',
    async (field, value) => {
      const others = { ...bid, [field]: 0 };
      const body = JSON.stringify(others).replace(`"${field}":0`, () => `"${field}":${value}`);
      expectFields(await post('/v1/negotiate', body), [field]);
      expect(core.bids).toEqual([]);
    },
  );

  test('an amount with more digits than a double keeps', async () => {
    const body = JSON.stringify(bid).replace('850', '40.000000000000001');
    const { errors } = expectProblem(await post('/v1/negotiate', body), 400);
    const message = 'has 40.000000000000001, which has too many digits; it would be read as 40';
    expect(errors).toEqual([{ path: 'bid_amount', message }]);
    expect(core.bids).toEqual([]);
  });

  test('a body without fields', async () => {
    expectFields(await post('/v1/negotiate', {}), ['agent_did', 'bid_amount', 'item_id']);
  });

  test('fields of another place', async () => {
    const body = { ...bid, request_id: 'a', agent: { did: 'did:web:a' } };
    expectFields(await post('/v1/negotiate', body), ['agent', 'request_id']);
  });

  test.each(['a b', ' ', '', 'é', 'x'.repeat(256)])('the idempotency key %j', async (key) => {
    const answer = await post('/v1/negotiate', bid, { 'idempotency-key': key });
    expectFields(answer, ['Idempotency-Key']);
    expect(core.bids).toEqual([]);
  });
});

test('null for what is optional is the same as leaving it out', async () => {
  const answer = await post('/v1/negotiate', { ...bid, currency: null, session_token: null });
  expect(answer.statusCode).toBe(200);
  expect(core.bids[0]?.request).toMatchObject({ currencyCode: '', sessionToken: '' });
});

describe('says in the caller’s words', () => {
  test.each([
    ['currency', 'usd', 'must be an ISO 4217 code in capitals such as USD'],
    ['currency', 840, 'must be a string, not 840'],
    ['bid_amount', '850', 'must be a number: write it without quotes'],
    ['bid_amount', 'much', 'must be a number, not a string'],
    ['bid_amount', null, 'must be a number, not null'],
    ['bid_amount', true, 'must be a number, not true'],
    ['bid_amount', 0, 'must be above 0'],
    ['bid_amount', 1e10, 'must be at most 1000000000'],
    ['item_id', ['a'], 'must be a string, not an array'],
    ['item_id', {}, 'must be a string, not an object'],
    ['item_id', 'a b', 'must be 1 to 64 letters, digits or any of _ . : -'],
    ['agent_did', 'x'.repeat(257), 'must have at most 256 characters'],
    ['session_token', 'abc', 'must be a session_token from an earlier answer'],
    ['reputation', null, 'is not a field of this request'],
  ])('what is wrong with a %s of %j', async (path, value, message) => {
    const answer = await post('/v1/negotiate', { ...bid, [path]: value });
    expect(expectProblem(answer, 400).errors).toEqual([{ path, message }]);
  });

  test('that 1e400 is no number', async () => {
    const body = JSON.stringify(bid).replace('850', '1e400');
    const { errors } = expectProblem(await post('/v1/negotiate', body), 400);
    expect(errors).toEqual([{ path: 'bid_amount', message: 'must be a finite number' }]);
  });
});

test('takes an idempotency key of 255 visible characters', async () => {
  const key = '!~'.padEnd(255, 'k');
  await post('/v1/negotiate', bid, { 'idempotency-key': key });
  expect(core.bids[0]?.request.requestId).toBe(key);
});
