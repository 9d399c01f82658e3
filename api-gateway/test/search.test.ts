import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { failWith } from './fake-core.ts';
import { expectFields, startGateway } from './gateway.ts';

const { app, core, post, close } = await startGateway();
afterEach(() => core.reset());
afterAll(close);

test('asks core with the defaults', async () => {
  await post('/v1/search', { query: 'a desk' });
  expect(core.searches.map(({ request }) => request)).toEqual([
    { query: 'a desk', limit: 3, minSimilarity: 0, currencyCode: '', attributes: [] },
  ]);
});

test('hands over what was asked', async () => {
  await post('/v1/search', {
    query: ' desk ',
    limit: 50,
    min_similarity: 1,
    currency: 'EUR',
    max_price: 0.5,
    attributes: { city: 'Zürich', stars: 5, pets: false },
  });
  expect(core.searches[0]?.request).toMatchObject({
    query: ' desk ',
    limit: 50,
    minSimilarity: 1,
    currencyCode: 'EUR',
    maxPrice: 0.5,
    attributes: [
      { name: 'city', stringValue: 'Zürich' },
      { name: 'stars', numberValue: 5 },
      { name: 'pets', boolValue: false },
    ],
  });
});

test('answers with the items in the order of core', async () => {
  core.search = () => ({
    results: [
      {
        itemId: 'desk',
        name: 'Walnut desk',
        basePrice: 1_249.5,
        currencyCode: 'EUR',
        similarityScore: 0.25,
        descriptionSnippet: 'Solid wood.',
      },
      { itemId: 'lamp', name: 'Lamp', basePrice: 50, currencyCode: 'JPY', similarityScore: 1 },
    ],
  });
  const answer = await post('/v1/search', { query: 'a desk' });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.json()).toEqual({
    results: [
      {
        id: 'desk',
        name: 'Walnut desk',
        price: 1_249.5,
        currency: 'EUR',
        score: 0.25,
        details: 'Solid wood.',
      },
      { id: 'lamp', name: 'Lamp', price: 50, currency: 'JPY', score: 1, details: '' },
    ],
  });
});

test('results are there when nothing was found', async () => {
  const answer = await post('/v1/search', { query: 'a desk' });
  expect(answer.json()).toEqual({ results: [] });
});

test.each([
  ['one character', '"x"', 'x'],
  ['500 characters', JSON.stringify('x'.repeat(500)), 'x'.repeat(500)],
  ['500 characters beyond the BMP', JSON.stringify('😀'.repeat(500)), '😀'.repeat(500)],
  ['an escaped surrogate pair', '"\\ud83d\\ude00"', '😀'],
  ['line breaks', '"\\na\\n"', '\na\n'],
])('takes a query of %s', async (_name, json, query) => {
  const answer = await post('/v1/search', `{"query":${json}}`);
  expect(answer.statusCode).toBe(200);
  expect(core.searches[0]?.request.query).toBe(query);
});

test('what core refuses of attributes is named as the caller wrote them', async () => {
  const violations = [
    { field: 'attributes[1]', description: 'has ">=4", a condition' },
    { field: 'currency_code', description: 'must be another' },
    { field: 'attributes[9]', description: 'is not there' },
  ];
  core.search = failWith(status.INVALID_ARGUMENT, 'bad', { violations });
  const attributes = { city: 'Bali', pets: null, 'stars.min': '>=4' };
  const answer = await post('/v1/search', { query: 'a desk', attributes });
  expect(core.searches[0]?.request.attributes).toHaveLength(2);
  expect(answer.json()).toMatchObject({
    status: 400,
    errors: [
      { path: 'attributes.stars.min', message: 'has ">=4", a condition' },
      { path: 'currency', message: 'must be another' },
      { path: 'attributes[9]', message: 'is not there' },
    ],
  });
});

test('a list of values is refused with the way to write it', async () => {
  const attributes = { amenities: ['sauna', 'parking'] };
  const answer = await post('/v1/search', { query: 'a desk', attributes });
  const [error] = answer.json().errors;
  expect(error.path).toBe('attributes.amenities');
  expect(error.message).toMatch(/not an array; write several as one text: "sauna, parking"$/);
});

describe('refuses, and asks core nothing', () => {
  const query = '"query":"a desk"';
  test.each([
    ['no query', '{}', ['query']],
    ['an empty query', '{"query":""}', ['query']],
    ['spaces', '{"query":" \\t\\u3000"}', ['query']],
    ['501 characters', `{"query":"${'x'.repeat(501)}"}`, ['query']],
    ['501 characters beyond the BMP', `{"query":"${'😀'.repeat(501)}"}`, ['query']],
    ['NUL', '{"query":"a\\u0000"}', ['query']],
    ['a lone high surrogate', '{"query":"a\\ud83d"}', ['query']],
    ['a lone low surrogate', '{"query":"\\ude00a"}', ['query']],
    ['a number as query', '{"query":5}', ['query']],
    ['a list as query', '{"query":["a"]}', ['query']],
    ['null as query', '{"query":null}', ['query']],
    ['limit 0', `{${query},"limit":0}`, ['limit']],
    ['limit -1', `{${query},"limit":-1}`, ['limit']],
    ['limit 51', `{${query},"limit":51}`, ['limit']],
    ['limit 1.5', `{${query},"limit":1.5}`, ['limit']],
    ['limit 1e400', `{${query},"limit":1e400}`, ['limit']],
    ['limit as a string', `{${query},"limit":"3"}`, ['limit']],
    ['limit true', `{${query},"limit":true}`, ['limit']],
    ['min_similarity -0.1', `{${query},"min_similarity":-0.1}`, ['min_similarity']],
    ['min_similarity 1.1', `{${query},"min_similarity":1.1}`, ['min_similarity']],
    ['min_similarity 1e400', `{${query},"min_similarity":1e400}`, ['min_similarity']],
    ['min_similarity as a string', `{${query},"min_similarity":"0"}`, ['min_similarity']],
    ['a currency in lower case', `{${query},"currency":"usd"}`, ['currency']],
    ['a currency of 4 letters', `{${query},"currency":"USDX"}`, ['currency']],
    ['no currency', `{${query},"currency":""}`, ['currency']],
    ['max_price 0', `{${query},"max_price":0}`, ['max_price']],
    ['max_price -1', `{${query},"max_price":-1}`, ['max_price']],
    ['max_price 1e10', `{${query},"max_price":1e10}`, ['max_price']],
    ['max_price 1e400', `{${query},"max_price":1e400}`, ['max_price']],
    ['max_price as a string', `{${query},"max_price":"5"}`, ['max_price']],
    ['attributes as a list', `{${query},"attributes":["a"]}`, ['attributes']],
    ['an attribute that is a list', `{${query},"attributes":{"a":["b"]}}`, ['attributes.a']],
    ['an attribute 1e400', `{${query},"attributes":{"a":1e400}}`, ['attributes.a']],
    ['an empty attribute', `{${query},"attributes":{"a":""}}`, ['attributes.a']],
    ['an attribute with NUL', `{${query},"attributes":{"a":"\\u0000"}}`, ['attributes.a']],
    [
      'an attribute of 201 characters',
      `{${query},"attributes":{"a":"${'x'.repeat(201)}"}}`,
      ['attributes.a'],
    ],
    ['U+FFFD', '{"query":"Z\\ufffdrich"}', ['query']],
    ['an attribute with U+FFFD', `{${query},"attributes":{"a":"\\ufffd"}}`, ['attributes.a']],
    [
      'an attribute a/b~c that is a list',
      `{${query},"attributes":{"a/b~c":[1]}}`,
      ['attributes.a/b~c'],
    ],
    ['an attribute without a name', `{${query},"attributes":{"":1}}`, ['attributes']],
    ['a name with NUL', `{${query},"attributes":{"a\\u0000":1}}`, ['attributes.a\0']],
    [
      'a name of 65 characters',
      `{${query},"attributes":{"${'x'.repeat(65)}":1}}`,
      [`attributes.${'x'.repeat(65)}`],
    ],
    [
      '11 attributes',
      `{${query},"attributes":{${Array.from({ length: 11 }, (_, i) => `"a${i}":1`).join()}}}`,
      ['attributes'],
    ],
    ['unknown fields', `{${query},"top":1,"a.b":2}`, ['a.b', 'top']],
    [
      'all at once',
      '{"limit":0,"min_similarity":2,"x":1}',
      ['limit', 'min_similarity', 'query', 'x'],
    ],
  ])('%s', async (_name, body, paths) => {
    expectFields(await post('/v1/search', body), paths);
    expect(core.searches).toEqual([]);
  });
});

test('null for what is optional is the same as leaving it out', async () => {
  const nothing = { limit: null, min_similarity: null, currency: null, max_price: null };
  await post('/v1/search', { query: 'a desk', ...nothing, attributes: null });
  await post('/v1/search', { query: 'a desk' });
  expect(core.searches[0]?.request).toEqual(core.searches[1]?.request);
});

test('so is null for an attribute', async () => {
  await post('/v1/search', { query: 'a', attributes: { city: 'Bali', stars: null, pets: false } });
  expect(core.searches[0]?.request.attributes).toMatchObject([
    { name: 'city', stringValue: 'Bali' },
    { name: 'pets', boolValue: false },
  ]);
});

test.each([
  [{ query: null }, 'query', 'must be a string, not null'],
  [{ query: '' }, 'query', 'must not be empty'],
  [{ limit: '3' }, 'limit', 'must be a whole number: write it without quotes'],
  [{ limit: 1.5 }, 'limit', 'must be a whole number, not 1.5'],
  [{ limit: 0 }, 'limit', 'must be at least 1'],
  [{ limit: 51 }, 'limit', 'must be at most 50'],
  [{ currency: 'eur' }, 'currency', 'must be an ISO 4217 code in capitals such as USD'],
  [
    { attributes: { a: ' ' } },
    'attributes.a',
    'must be text without NUL, U+FFFD or lone surrogates and not only spaces, a number, true or false',
  ],
  [{ attributes: ['a'] }, 'attributes', 'must be a JSON object, not an array'],
  [
    { attributes: { a: [] } },
    'attributes.a',
    'must be a string or a number or true or false, not an array',
  ],
])('what is wrong with %j is said in the caller’s words', async (change, path, message) => {
  const answer = await post('/v1/search', { query: 'a', ...change });
  expect(answer.json().errors).toEqual([{ path, message }]);
});

test('the greatest whole numbers that are exact are handed over', async () => {
  const { MAX_SAFE_INTEGER: a, MIN_SAFE_INTEGER: b } = Number;
  await post('/v1/search', { query: 'a', attributes: { a, b } });
  expect(core.searches[0]?.request.attributes).toMatchObject([
    { name: 'a', numberValue: a },
    { name: 'b', numberValue: b },
  ]);
});

test.each([2 ** 53, -(2 ** 53), 123_456_789_012_345_680, 1e300])(
  'a whole number that was rounded is refused as in an import: %d',
  async (a) => {
    const answer = await post('/v1/search', { query: 'a', attributes: { a } });
    const message = `has ${a}, which has too many digits; write it as text`;
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toEqual([{ path: 'attributes.a', message }]);
    expect(core.searches).toEqual([]);
  },
);

test('whatever the caller would like to accept, it is JSON', async () => {
  const answer = await post('/v1/search', { query: 'a' }, { accept: 'text/html' });
  expect(answer.json()).toEqual({ results: [] });
});

describe('the request id', () => {
  const ask = async (given: Record<string, string>) => {
    const answer = await post('/v1/search', { query: 'a' }, given);
    const [forwarded] = core.searches[0]?.metadata.get('x-request-id') ?? [];
    return { answered: answer.headers['x-request-id'], forwarded };
  };

  test.each(['a', 'order-7_b.c:d', 'x'.repeat(128)])('%s is kept and forwarded', async (id) => {
    expect(await ask({ 'x-request-id': id })).toEqual({ answered: id, forwarded: id });
  });

  test.each(['', 'two words', 'x'.repeat(129), 'é', 'a;b', 'a, b'])(
    '%j is replaced',
    async (id) => {
      const { answered, forwarded } = await ask({ 'x-request-id': id });
      expect(answered).toMatch(/^[0-9a-f-]{36}$/);
      expect(forwarded).toBe(answered);
    },
  );

  test('is new for each request without one', async () => {
    const [one, two] = await Promise.all([app.inject('/healthz'), app.inject('/healthz')]);
    expect(one.headers['x-request-id']).not.toBe(two.headers['x-request-id']);
  });
});
