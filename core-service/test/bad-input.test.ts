import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import type { Bid } from './grpc-client.ts';
import { faultOf } from './grpc-client.ts';

const agent = { did: 'did:web:buyer.example' };
const good: Bid = { itemId: 'desk', bidAmount: 10, agent };

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  core = await startCore(database);
});
afterAll(async () => {
  await core.close();
  await database.close();
});

describe('a bid with', () => {
  test.each<[string, string, Partial<Bid>]>([
    ['no item', 'item_id', { itemId: '' }],
    ['an item of 65 letters', 'item_id', { itemId: 'x'.repeat(65) }],
    ['an item with a space', 'item_id', { itemId: 'a desk' }],
    ['an item with NUL', 'item_id', { itemId: 'desk\0' }],
    ['an item with a line break', 'item_id', { itemId: 'desk\n' }],
    ['an item with a lone surrogate', 'item_id', { itemId: 'desk\ud800' }],
    ['an item that is SQL', 'item_id', { itemId: `' or '1'='1` }],
    ['an amount that is no number', 'bid_amount', { bidAmount: Number.NaN }],
    ['an infinite amount', 'bid_amount', { bidAmount: Number.POSITIVE_INFINITY }],
    ['a negatively infinite amount', 'bid_amount', { bidAmount: Number.NEGATIVE_INFINITY }],
    ['no amount', 'bid_amount', { bidAmount: 0 }],
    ['minus nothing', 'bid_amount', { bidAmount: -0 }],
    ['a negative amount', 'bid_amount', { bidAmount: -1 }],
    ['a huge amount', 'bid_amount', { bidAmount: 1e10 }],
    ['an amount just above the largest', 'bid_amount', { bidAmount: 1_000_000_000.01 }],
    ['the largest double', 'bid_amount', { bidAmount: Number.MAX_VALUE }],
    ['the smallest double', 'bid_amount', { bidAmount: Number.MIN_VALUE }],
    ['3 decimals', 'bid_amount', { bidAmount: 10.005 }],
    ['a sum of doubles', 'bid_amount', { bidAmount: 0.1 + 0.2 }],
    ["a currency that is not the item's", 'currency_code', { currencyCode: 'EUR' }],
    ['a currency in lower case', 'currency_code', { currencyCode: 'usd' }],
    ['a currency that is none', 'currency_code', { currencyCode: 'ZZZ' }],
    ['a currency that is for testing', 'currency_code', { currencyCode: 'XTS' }],
    ['a metal', 'currency_code', { currencyCode: 'XAU' }],
    ['a currency with NUL', 'currency_code', { currencyCode: 'USD\0' }],
    ['no agent', 'agent.did', { agent: null }],
    ['an agent without an identifier', 'agent.did', { agent: { did: '' } }],
    ['an agent with a space', 'agent.did', { agent: { did: 'the buyer' } }],
    ['an agent with a line break', 'agent.did', { agent: { did: 'buyer\n' } }],
    ['an agent with DEL', 'agent.did', { agent: { did: 'buyer\x7f' } }],
    ['an agent beyond ASCII', 'agent.did', { agent: { did: 'käufer' } }],
    ['an agent of 257 characters', 'agent.did', { agent: { did: 'x'.repeat(257) } }],
    ['half a DID', 'agent.did', { agent: { did: 'did:web:' } }],
    ['a DID with a method in capitals', 'agent.did', { agent: { did: 'did:WEB:a' } }],
    ['a DID whose scheme is in capitals', 'agent.did', { agent: { did: 'DID:web:a' } }],
    ['one whose scheme is in some', 'agent.did', { agent: { did: 'Did:example:c1' } }],
    ['a DID with NUL', 'agent.did', { agent: { did: 'did:web:\0' } }],
    ['a DID of 257 characters', 'agent.did', { agent: { did: 'did:web:'.padEnd(257, 'x') } }],
    ['a DID of 10 KB', 'agent.did', { agent: { did: 'did:web:'.padEnd(10_240, 'x') } }],
    ['a token that is none', 'session_token', { sessionToken: 'abc' }],
    ['a token that is too short', 'session_token', { sessionToken: 'sess_abc' }],
    ['a token that is too long', 'session_token', { sessionToken: `sess_${'a'.repeat(129)}` }],
    ['a token with NUL', 'session_token', { sessionToken: `sess_${'a'.repeat(32)}\0` }],
    ['a request id with NUL', 'request_id', { requestId: 'a\0b' }],
    ['an agent that is a mark of a template', 'agent.did', { agent: { did: '{{agent_did}}' } }],
    ['an agent with a code of HTML', 'agent.did', { agent: { did: 'b&amp;b-agent' } }],
    ['one with the number of a character', 'agent.did', { agent: { did: 'o&#39;neill' } }],
    ['an agent that is a word for nothing', 'agent.did', { agent: { did: 'undefined' } }],
    ['a DID that ends in one', 'agent.did', { agent: { did: 'did:web:null' } }],
    ['an agent that an example has', 'agent.did', { agent: { did: 'string' } }],
    [
      'an agent that is the UUID of nobody',
      'agent.did',
      { agent: { did: 'did:web:00000000-0000-0000-0000-000000000000' } },
    ],
    [
      'a request id that is the UUID of nothing',
      'request_id',
      { requestId: '00000000-0000-0000-0000-000000000000' },
    ],
    ['a request id that is a mark of a template', 'request_id', { requestId: '{{$guid}}' }],
    ['a request id that is a word for nothing', 'request_id', { requestId: 'undefined' }],
    ['a request id that no shell has filled in', 'request_id', { requestId: '$(uuidgen)' }],
    ['a request id of 256 characters', 'request_id', { requestId: 'a'.repeat(256) }],
  ])('%s is INVALID_ARGUMENT naming %s', async (_name, field, wrong) => {
    const fault = await faultOf(core.negotiate({ ...good, ...wrong }));
    expect(fault).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
    expect(fault.fields).toEqual([field]);
    expect(fault.message).toContain(field);
  });

  test('everything wrong names everything', async () => {
    const fault = await faultOf(
      core.negotiate({ requestId: '\0', bidAmount: -1, currencyCode: 'x', sessionToken: 'x' }),
    );
    expect(fault.fields).toEqual([
      'request_id',
      'item_id',
      'bid_amount',
      'currency_code',
      'agent.did',
      'session_token',
    ]);
  });
});

test.each(['test-agent', '~', 'x'.repeat(256), 'DIDweb', 'a,b;c="d"\\e%0A', 'did'])(
  'an agent may be called %s',
  async (did) => {
    const unknown = { ...good, itemId: 'no_such_desk', agent: { did } };
    expect((await core.negotiate(unknown)).rejected?.reasonCode).toBe('ITEM_NOT_FOUND');
  },
);

const city = { name: 'city', stringValue: 'Bali' };

describe('a search with', () => {
  test.each([
    ['no query', 'query', { query: '' }],
    ['only spaces', 'query', { query: ' \n\t' }],
    ['501 characters', 'query', { query: 'x'.repeat(501) }],
    ['60,000 characters', 'query', { query: 'x'.repeat(60_000) }],
    ['NUL', 'query', { query: 'beach\0' }],
    ['a lone surrogate', 'query', { query: 'beach \udfff' }],
    ['a mark of a template', 'query', { query: '{{query}}' }],
    ['a mark of a template inside', 'query', { query: 'hotel in ${city}' }],
    ['an object of a program', 'query', { query: '[object Object]' }],
    ['data of a program', 'query', { query: '{"query":"tent"}' }],
    ['a placeholder', 'query', { query: '<query>' }],
    ['the name of a variable', 'query', { query: '$QUERY' }],
    ['a word for nothing', 'query', { query: 'undefined' }],
    ['one inside', 'query', { query: 'hotel in undefined' }],
    ['the name of a variable inside', 'query', { query: 'cheap hotel in %CITY%' }],
    [
      'a field of the request among the attributes',
      'attributes[0]',
      { query: 'tent', attributes: [{ name: 'max_price', numberValue: 100 }] },
    ],
    [
      'one in the spelling of JavaScript',
      'attributes[0]',
      { query: 'tent', attributes: [{ name: 'minSimilarity', numberValue: 1 }] },
    ],
    [
      'a filter that is a condition',
      'attributes[0]',
      { query: 'tent', attributes: [{ name: 'stars', stringValue: '>=4' }] },
    ],
    ['text of another encoding', 'query', { query: 'Zürich, Caf├⌐' }],
    ['a dash before a word', 'query', { query: 'hostel -Bali' }],
    ['tags alone', 'query', { query: '<p>&nbsp;</p>' }],
    ['marks of direction alone', 'query', { query: '\u202E\u202C' }],
    ['what nobody sees alone', 'query', { query: '\u200B\u00AD\u2060' }],
    [
      'a filter that nobody sees',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'city', stringValue: '\u200E' }] },
    ],
    [
      'an attribute that is a mark of a template',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'city', stringValue: '{{city}}' }] },
    ],
    [
      'one whose name is one',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: '${name}', numberValue: 1 }] },
    ],
    [
      'an attribute in another encoding',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'city', stringValue: 'Zürich, Caf├⌐' }] },
    ],
    [
      'one whose name is in another encoding',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'Größe Caf├⌐', numberValue: 4 }] },
    ],
    [
      'an attribute that is tags alone',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'city', stringValue: '<p></p>' }] },
    ],
    [
      'a condition in codes of HTML',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'stars', stringValue: '&gt;=4' }] },
    ],
    ['limit -1', 'limit', { query: 'beach', limit: -1 }],
    ['limit 51', 'limit', { query: 'beach', limit: 51 }],
    ['the largest limit', 'limit', { query: 'beach', limit: 2_147_483_647 }],
    ['min_similarity NaN', 'min_similarity', { query: 'beach', minSimilarity: Number.NaN }],
    ['min_similarity below 0', 'min_similarity', { query: 'beach', minSimilarity: -0.1 }],
    ['min_similarity above 1', 'min_similarity', { query: 'beach', minSimilarity: 1.1 }],
    ['min_similarity infinite', 'min_similarity', { query: 'beach', minSimilarity: Infinity }],
    ['a currency that is none', 'currency_code', { query: 'beach', currencyCode: 'ZZZ' }],
    ['a currency in lower case', 'currency_code', { query: 'beach', currencyCode: 'usd' }],
    ['a currency that is no currency', 'currency_code', { query: 'beach', currencyCode: 'XXX' }],
    ['max_price 0', 'max_price', { query: 'beach', maxPrice: 0 }],
    ['max_price below 0', 'max_price', { query: 'beach', maxPrice: -1 }],
    ['max_price NaN', 'max_price', { query: 'beach', maxPrice: Number.NaN }],
    ['max_price infinite', 'max_price', { query: 'beach', maxPrice: Infinity }],
    [
      '11 attributes',
      'attributes',
      { query: 'beach', attributes: Array.from({ length: 11 }, () => city) },
    ],
    [
      'an attribute without a name',
      'attributes[0]',
      { query: 'beach', attributes: [{ stringValue: 'x' }] },
    ],
    [
      'one in another spelling',
      'attributes[1]',
      { query: 'beach', attributes: [city, { name: ' City', stringValue: 'x' }] },
    ],
    ['one without a value', 'attributes[1]', { query: 'beach', attributes: [city, { name: 'x' }] }],
    [
      'one that is NaN',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'x', numberValue: Number.NaN }] },
    ],
    [
      'one with NUL',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'x', stringValue: '\0' }] },
    ],
    [
      'one with NUL in its name',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: '\0', boolValue: true }] },
    ],
    [
      'one too long',
      'attributes[0]',
      { query: 'beach', attributes: [{ name: 'x', stringValue: 'x'.repeat(201) }] },
    ],
  ])('%s is INVALID_ARGUMENT naming %s', async (_name, field, request) => {
    const fault = await faultOf(core.search(request));
    expect(fault).toMatchObject({ code: 'INVALID_ARGUMENT', fields: [field] });
  });

  test.each([2 ** 53, -(2 ** 53), 1e300])(
    'an attribute of %d was rounded: INVALID_ARGUMENT naming it',
    async (numberValue) => {
      const attributes = [city, { name: 'x', numberValue }];
      const fault = await faultOf(core.search({ query: 'beach', attributes }));
      expect(fault).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['attributes[1]'] });
    },
  );

  test('everything wrong names everything', async () => {
    const fault = await faultOf(core.search({ query: '', limit: 99, minSimilarity: 9 }));
    expect(fault.fields).toEqual(['query', 'limit', 'min_similarity']);
  });

  test('500 characters of four bytes gets as far as the inventory', async () => {
    expect(await core.search({ query: '𠮷'.repeat(500), limit: 50 })).toEqual({ results: [] });
  });
});

test.each([
  [
    { name: 'max_price', numberValue: 100 },
    'has max_price, a field of the request: write it beside query',
  ],
  [{ name: 'stars', stringValue: '>=4' }, 'has ">=4", a condition; a filter takes the value that'],
])('what is wrong with the filter %j is said', async (filter, words) => {
  const fault = await faultOf(core.search({ query: 'tent', attributes: [filter] }));
  expect(fault.message).toContain(`attributes[0] ${words}`);
});

test('what was seen in a query is said', async () => {
  const fault = await faultOf(core.search({ query: 'hotel in {{city}}' }));
  const said = 'has "{{city}}", a mark of a template, which was not filled in';
  expect(fault.message).toBe(`query ${said}`);
});

describe('bytes that are', () => {
  // Field 1 of either message is a string.
  const badUtf8 = Buffer.from([0x0a, 0x02, 0xc3, 0x28]);

  test('no UTF-8 are INVALID_ARGUMENT', async () => {
    const search = await faultOf(core.sendRaw('Search', badUtf8));
    expect(search).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['query'] });
    const negotiate = await faultOf(core.sendRaw('Negotiate', badUtf8));
    expect(negotiate.fields).toContain('request_id');
  });

  test('no message at all end the call and nothing else', async () => {
    const fault = await faultOf(core.sendRaw('Search', Buffer.from([0xff])));
    expect(fault.code).toBe('INTERNAL');
    expect(await core.health('')).toBe('SERVING');
  });

  test('more than 64 KiB are RESOURCE_EXHAUSTED', async () => {
    const fault = await faultOf(core.search({ query: 'x'.repeat(64 * 1024) }));
    expect(fault.code).toBe('RESOURCE_EXHAUSTED');
  });
});

test('a wrong field is information, not a warning, and its value is not repeated', async () => {
  await faultOf(core.negotiate({ ...good, agent: { did: 'no did: xyzzy' } }));
  expect(core.events('request_failed').at(-1)).toMatchObject({ level: 'info' });
  expect(core.log()).not.toContain('xyzzy');
});

test('of all this nothing was written', async () => {
  expect(await database.query('select id from negotiation_sessions')).toEqual([]);
});
