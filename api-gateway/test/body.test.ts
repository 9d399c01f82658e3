import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { expectFields, expectProblem, startGateway } from './gateway.ts';

const { app, core, post, close } = await startGateway();
afterEach(() => core.reset());
afterAll(close);

const good = '{"query":"a desk"}';

test.each([
  ['broken', '{"query":'],
  ['empty', ''],
  ['two documents', `${good}${good}`],
  ['not JSON', 'query=a'],
  ['NaN', '{"query":"a","min_similarity":NaN}'],
  ['Infinity', '{"query":"a","min_similarity":Infinity}'],
  ['__proto__', '{"query":"a","__proto__":{"limit":1}}'],
  ['a poisoned constructor', '{"query":"a","constructor":{"prototype":{"limit":1}}}'],
  ['brackets that never close', '['.repeat(16_000)],
])('400 for a body that is %s', async (_name, body) => {
  expectProblem(await post('/v1/search', body), 400);
});

test.each(['[]', '"a"', 'null', '1e400', 'true', '['.repeat(8_000) + ']'.repeat(8_000)])(
  'says that %.20s is no object',
  async (body) => {
    expectFields(await post('/v1/search', body), ['']);
  },
);

test('names the field that nests deeply', async () => {
  const deep = '['.repeat(7_000) + ']'.repeat(7_000);
  expectFields(await post('/v1/search', `{"query":${deep}}`), ['query']);
});

test('names the unknown field that nests deeply', async () => {
  const deep = '{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000);
  expectFields(await post('/v1/search', `{"query":"a","filter":${deep}}`), ['filter']);
});

describe('size', () => {
  const sized = (bytes: number) => good.padEnd(bytes, ' ');

  test('413 beyond 16 KiB', async () => {
    expectProblem(await post('/v1/search', sized(16 * 1024 + 1)), 413);
    expectProblem(await post('/nowhere', sized(20_000)), 413);
  });

  test('16 KiB are fine', async () => {
    expect((await post('/v1/search', sized(16 * 1024))).statusCode).toBe(200);
  });
});

describe('415', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'nonsense;',
  ])('for %s', async (type) => {
    expectProblem(await post('/v1/search', good, { 'content-type': type }), 415);
  });

  test('for a body of no type', async () => {
    const request = { method: 'POST', url: '/v1/search', payload: Buffer.from(good) } as const;
    expectProblem(await app.inject(request), 415);
  });

  test.each(['gzip', 'br', 'GZIP', 'gzip, identity'])('for the encoding %s', async (encoding) => {
    const headers = { 'content-encoding': encoding };
    expectProblem(await post('/v1/search', gzipSync(good), headers), 415);
  });

  test.each([
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'application/xml',
    'nonsense;',
    'application/json; charset=utf-16',
    'application/json+x',
  ])('names application/json to whoever sends %s', async (type) => {
    const answer = await post('/v1/search', good, { 'content-type': type });
    expect(expectProblem(answer, 415).detail).toContain('application/json');
  });

  test('names it to whoever sends no type, or packs the body', async () => {
    const request = { method: 'POST', url: '/v1/search', payload: Buffer.from(good) } as const;
    expect(expectProblem(await app.inject(request), 415).detail).toContain('application/json');
    const packed = await post('/v1/search', gzipSync(good), { 'content-encoding': 'gzip' });
    expect(expectProblem(packed, 415).detail).toContain('application/json');
  });

  test('says which type it was', async () => {
    const answer = await post('/v1/search', good, { 'content-type': 'Text/Plain; charset=utf-8' });
    expect(expectProblem(answer, 415).detail).toContain('text/plain');
  });

  test('repeats no more of a type than helps', async () => {
    const answer = await post('/v1/search', good, { 'content-type': `text/${'x'.repeat(5_000)}` });
    expect(expectProblem(answer, 415).detail.length).toBeLessThan(200);
  });

  test.each([
    'charset=latin1',
    'charset="utf-16"',
    'CHARSET=iso-8859-1',
    'charset=utf-8; charset=latin1',
  ])('for %s', async (it) => {
    const headers = { 'content-type': `application/json; ${it}` };
    expectProblem(await post('/v1/search', good, headers), 415);
  });
});

test.each([
  { 'content-type': 'application/json; charset=utf-8' },
  { 'content-type': 'application/json;charset="UTF-8"' },
  { 'content-type': 'application/json; charset=utf8' },
  { 'content-type': "application/json; charset='utf-8'" },
  { 'content-type': 'application/json; charset="UTF8"; version=1' },
  { 'content-type': 'application/json; charset=us-ascii' },
  { 'content-type': 'application/json; charset=US-ASCII' },
  { 'content-type': 'application/json; charset=' },
  { 'content-type': 'Application/JSON' },
  { 'content-type': 'text/json' },
  { 'content-type': 'application/vnd.api+json' },
  { 'content-encoding': 'Identity' },
])('takes %o', async (headers) => {
  expect((await post('/v1/search', good, headers)).statusCode).toBe(200);
});

test('what is said to be US-ASCII has to be', async () => {
  const headers = { 'content-type': 'application/json; charset=us-ascii' };
  const { detail } = expectProblem(await post('/v1/search', '{"query":"café"}', headers), 400);
  expect(detail).toContain('us-ascii');
  expect(core.searches).toEqual([]);
});

test('bytes that are not UTF-8 are refused, and not searched for as something else', async () => {
  const latin1 = Buffer.from('{"query":"caf\xe9"}', 'latin1');
  expect(expectProblem(await post('/v1/search', latin1), 400).detail).toContain('UTF-8');
  expect(core.searches).toEqual([]);
});

test('a byte order mark is no part of the JSON', async () => {
  expect((await post('/v1/search', `\ufeff${good}`)).statusCode).toBe(200);
});

test.each([
  ['{"query":"a",}', 'line 1 column 14'],
  ["{'query':'a'}", 'line 1 column 2'],
  ['{\n  "query": NaN\n}', "Unexpected token 'N'"],
  ['{"query":', 'it ends too early'],
])('says where %j stops being JSON', async (body, where) => {
  expect(expectProblem(await post('/v1/search', body), 400).detail).toContain(where);
});

test.each([
  ['{query:a desk}', 'it has a key without quotes; put it in double ones, "'],
  [`'{"query":"a desk"}'`, 'it has single quotes around it, as where a shell of Windows'],
  ["'{query:a desk}'", 'it has single quotes around it'],
  ["{'query': 'a desk', 'limit': None}", 'it has single quotes; JSON has double ones'],
  ['{"query":"a","limit":None}', 'it has a word of a program; JSON has true, false and null'],
  ['{“query”:“a desk”}', 'it has curly quotes; JSON has only the straight "'],
  ['```json\n{"query":"a"}\n```', 'it has a fence of Markdown around it'],
  ['{"query":"a", // mine\n"limit":1}', 'it has a comment, which JSON has not'],
  ['{"query":"a",}', 'it has a comma before a closing bracket'],
  [String.raw`"{\"query\":\"a\"}" x`, 'it is a text with JSON inside'],
  ['query=a', 'it is a form, name=value; JSON looks like {"name": "value"}'],
])('says of %j what is wrong with it', async (body, words) => {
  const { detail } = expectProblem(await post('/v1/search', body), 400);
  expect(detail).toMatch(/^The body is not valid JSON \(.+\): it .*\.$/);
  expect(detail).toContain(words);
});

test.each([
  ['UTF-16', Buffer.from(good, 'utf16le')],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${good}`, 'utf16le')],
  ['UTF-16 of the other order', Buffer.from(`\ufeff${good}`, 'utf16le').swap16()],
])('says of %s that it may be that', async (_name, body) => {
  expect(expectProblem(await post('/v1/search', body), 400).detail).toContain('UTF-16');
  expect(core.searches).toEqual([]);
});

describe('a key that is there twice is refused by its name, and core is not asked', () => {
  const bid = '"item_id":"a","agent_did":"did:example:buyer"';

  test.each([
    ['/v1/negotiate', `{${bid},"bid_amount":1,"bid_amount":40}`, 'bid_amount'],
    ['/v1/negotiate', `{"bid_amount":1,${bid},"bid\\u005famount":40}`, 'bid_amount'],
    ['/v1/search', '\ufeff{"query":"a","attributes":{"color":1,"color":2}}', 'attributes.color'],
    ['/v1/reservations/x/release', '{"a":1,"a":1}', 'a'],
  ])('%s: %s', async (url, body, path) => {
    const problem = expectProblem(await post(url, body), 400);
    expect(problem.errors).toEqual([{ path, message: 'is there twice' }]);
    expect(problem.detail).toBe(`Invalid: ${path}.`);
    expect([...core.searches, ...core.bids]).toEqual([]);
  });
});

test.each([
  ['{"query":"a","__proto__":{"limit":1}}', '__proto__'],
  ['{"query":"a","\\u005f_proto__":1}', '__proto__'],
  ['{"query":"a","attributes":{"__proto__":"b"}}', 'attributes.__proto__'],
  ['{"query":"a","constructor":{"prototype":{"limit":1}}}', 'constructor'],
])('names the key by which %s reaches for prototypes', async (body, path) => {
  expectFields(await post('/v1/search', body), [path]);
});

test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
  'says that a body of %s is empty where one is needed',
  async (type) => {
    const answer = await post('/v1/search', '', { 'content-type': type });
    const { errors } = expectProblem(answer, 400);
    expect(errors).toEqual([{ path: '', message: 'is empty, but must be a JSON object' }]);
  },
);

test('without a body there is none to read', async () => {
  expectFields(await app.inject({ method: 'POST', url: '/v1/search' }), ['']);
});

test.each(['{broken', good, 'x'.repeat(20_000)])('a GET may carry %.20s', async (payload) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'GET', url: '/healthz', payload, headers });
  expect(answer.statusCode).toBe(200);
});

describe('a parameter in the query of a POST is refused by its name, and core is not asked', () => {
  const bid = { item_id: 'a', agent_did: 'did:example:buyer', bid_amount: 1 };
  const inBody = 'is in the query, but belongs in the body';
  const unknown = 'is not a parameter of this request';

  test.each([
    ['/v1/search?limit=1', { query: 'a' }, [{ path: 'limit', message: inBody }]],
    ['/v1/search?limit=1&limit=2', { query: 'a' }, [{ path: 'limit', message: inBody }]],
    ['/v1/search?top=geheim', { query: 'a' }, [{ path: 'top', message: unknown }]],
    [
      '/v1/negotiate?session_token=geheim&constructor',
      bid,
      [
        { path: 'session_token', message: inBody },
        { path: 'constructor', message: unknown },
      ],
    ],
    [
      '/v1/reservations/AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ/release?force=1',
      '',
      [{ path: 'force', message: unknown }],
    ],
  ])('%s', async (url, body, errors) => {
    const answer = await post(url, body);
    expect(expectProblem(answer, 400).errors).toEqual(errors);
    expect(answer.body).not.toContain('geheim');
    expect([...core.searches, ...core.bids]).toEqual([]);
  });

  test('a question mark alone is no parameter', async () => {
    expect((await post('/v1/search?', { query: 'a' })).statusCode).toBe(200);
  });

  test('a probe may carry one, and a path that is not there stays so', async () => {
    expect((await app.inject('/healthz?now=1')).statusCode).toBe(200);
    expectProblem(await post('/nowhere?limit=1', { query: 'a' }), 404);
    expectProblem(await post('/healthz?limit=1', { query: 'a' }), 405);
  });
});
