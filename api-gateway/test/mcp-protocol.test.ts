/** These tests send the messages of MCP as bytes, right and wrong ones. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { envelopeOf, KnownCalls } from '../src/mcp/known-calls.ts';
import { startGateway } from './gateway.ts';
import type { Revision } from './mcp-client.ts';
import { REVISIONS } from './mcp-client.ts';

const gateway = await startGateway({
  mcp: { hosts: ['shop.example'] },
  corsOrigins: ['https://shop.example'],
});
const { core, app } = gateway;
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${await gateway.listen()}/mcp`;
});
beforeEach(() => core.reset());
afterAll(() => gateway.close());

const BID = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
type Headers = Readonly<Record<string, string | undefined>>;

interface Message {
  readonly headers: Headers;
  readonly body: Record<string, any>;
}

function callOf(revision: Revision, args: object = BID, name = 'negotiate'): Message {
  const isModern = revision === '2026-07-28';
  const params = { name, arguments: args, ...(isModern && { _meta: META }) };
  return {
    headers: {
      'mcp-protocol-version': revision,
      ...(isModern && { 'mcp-method': 'tools/call', 'mcp-name': name }),
    },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
  };
}

async function send(body: unknown, headers: Headers = {}) {
  const present = Object.entries({ 'content-type': 'application/json', ...headers });
  const response = await fetch(url, {
    method: 'POST',
    headers: present.filter((each): each is [string, string] => each[1] !== undefined),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const json = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
}

const post = ({ body, headers }: Message) => send(body, headers);

test('server/discover tells both the revision and how to haggle', async () => {
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' };
  const body = { jsonrpc: '2.0', id: 'd', method: 'server/discover', params: { _meta: META } };
  const { status, json } = await send(body, headers);
  expect([status, json.id]).toEqual([200, 'd']);
  expect(json.result).toMatchObject({
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    cacheScope: 'public',
    instructions: expect.stringContaining('negotiate'),
  });
});

test.each([
  ['2025-11-25', '2025-11-25'],
  ['2025-06-18', '2025-06-18'],
  ['1999-01-01', '2025-11-25'],
])('initialize with %s settles on %s, without a session', async (wanted, settled) => {
  const clientInfo = { name: 'x', version: '1' };
  const params = { protocolVersion: wanted, capabilities: {}, clientInfo };
  const { status, json, headers } = await send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params,
  });
  expect([status, json.result.protocolVersion]).toEqual([200, settled]);
  expect(headers.get('mcp-session-id')).toBeNull();
});

describe.each(REVISIONS)('revision %s', (revision) => {
  test('a call that has been taken before is answered as the first one, byte for byte', async () => {
    const call = callOf(revision);
    const first = await post(call);
    expect(first.json).toMatchObject({
      id: 1,
      result: { structuredContent: { status: 'countered' } },
    });
    const again = await post(call);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    const wrong = callOf(revision, { ...BID, bid_amount: -1 });
    const refused = await post(wrong);
    // The JSON has the same fields, in whatever order.
    expect(refused.json).toMatchObject({ id: 1, result: { isError: true } });
    expect(Object.keys(refused.json.result).toSorted()).toEqual(
      [...Object.keys(first.json.result), 'isError']
        .filter((key) => key !== 'structuredContent')
        .toSorted(),
    );
    expect(core.bids).toHaveLength(2);
  });

  test('an id comes back as it was', async () => {
    for (const id of ['a', 0, 42, 'é"\\']) {
      const { body, headers } = callOf(revision);
      expect((await send({ ...body, id }, headers)).json.id).toBe(id);
    }
  });

  test('a notification is taken without an answer', async () => {
    const { headers } = callOf(revision);
    const method = 'notifications/cancelled';
    const meta = revision === '2026-07-28' && { _meta: META };
    const body = { jsonrpc: '2.0', method, params: { requestId: 1, ...meta } };
    const { status, text } = await send(body, { ...headers, 'mcp-method': method });
    expect([status, text]).toEqual([202, '']);
  });

  test.each([
    ['an unknown tool', { name: 'buy' }, -32_602],
    ['no name', { name: undefined }, -32_602],
    ['arguments that are no object', { arguments: 'x' }, -32_602],
    ['_meta that is no object', { _meta: 'x' }, -32_600],
  ])('%s is an error of the protocol', async (_what, change, code) => {
    await post(callOf(revision));
    const { body, headers } = callOf(revision);
    const params = { ...body['params'], ...change };
    const name = params.name ?? headers['mcp-name'];
    const { json } = await send({ ...body, params }, { ...headers, 'mcp-name': name });
    expect(json.error.code).toBe(code);
    expect(core.bids).toHaveLength(1);
  });

  test('an unknown method is one too', async () => {
    const { body, headers } = callOf(revision);
    for (const method of ['resources/list', 'subscriptions/listen', 'constructor']) {
      const { json } = await send(
        { ...body, method },
        { ...headers, 'mcp-method': method, 'mcp-name': undefined },
      );
      expect([method, json.error.code]).toEqual([method, -32_601]);
    }
  });
});

describe('what 2026-07-28 asks of each request', () => {
  const call = callOf('2026-07-28');

  test.each([
    ['no MCP-Protocol-Version', { 'mcp-protocol-version': undefined }, -32_020],
    ['no Mcp-Method', { 'mcp-method': undefined }, -32_020],
    ['no Mcp-Name', { 'mcp-name': undefined }, -32_020],
    ['an Mcp-Method that disagrees', { 'mcp-method': 'tools/list' }, -32_020],
    ['an Mcp-Name that disagrees', { 'mcp-name': 'search_items' }, -32_020],
    ['an MCP-Protocol-Version that disagrees', { 'mcp-protocol-version': '2025-11-25' }, -32_020],
  ])('%s is refused, also once such a call was taken', async (_what, change, code) => {
    expect((await post(call)).status).toBe(200);
    const { status, json } = await send(call.body, { ...call.headers, ...change });
    expect([status, json.error.code, json.id]).toEqual([400, code, 1]);
    expect(core.bids).toHaveLength(1);
  });

  const version = 'io.modelcontextprotocol/protocolVersion';
  test.each([
    ['another version', { [version]: '2099-01-01' }, 400, -32_022],
    ['no version', { [version]: undefined }, 400, -32_602],
    ['a client without a name', { 'io.modelcontextprotocol/clientInfo': {} }, 400, -32_602],
    ['no capabilities', { 'io.modelcontextprotocol/clientCapabilities': undefined }, 400, -32_602],
  ])('%s in _meta is refused', async (_what, change, status, code) => {
    const meta: Record<string, any> = { ...META, ...change };
    const params = { ...call.body['params'], _meta: meta };
    const headers = { ...call.headers, 'mcp-protocol-version': meta[version] ?? '2026-07-28' };
    const answer = await send({ ...call.body, params }, headers);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    expect(core.bids).toEqual([]);
  });
});

test('a version that nobody speaks is answered with those that are spoken', async () => {
  const [version] = Object.keys(META) as [string];
  const { body, headers } = callOf('2026-07-28');
  const params = { ...body['params'], _meta: { ...META, [version]: '2099-01-01' } };
  const { json } = await send(
    { ...body, params },
    { ...headers, 'mcp-protocol-version': '2099-01-01' },
  );
  expect(json.error.data).toMatchObject({ supported: ['2026-07-28'], requested: '2099-01-01' });
});

test('a version that nobody speaks is refused in the header alone, too', async () => {
  const { body } = callOf('2025-11-25');
  const { status, json } = await send(body, { 'mcp-protocol-version': '1999-01-01' });
  expect(status).toBe(400);
  expect(json.error.message).toMatch(/version/i);
});

test('a client that accepts only a stream is told that there is none', async () => {
  const { body } = callOf('2025-11-25');
  expect((await send(body, { accept: 'text/event-stream' })).status).toBe(406);
  for (const accept of ['application/json', '*/*', undefined]) {
    expect((await send(body, { accept })).status).toBe(200);
  }
});

const NESTED = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'['.repeat(7_000)}${']'.repeat(7_000)}}`;
const call = JSON.stringify(callOf('2025-11-25').body);

test.each([
  ['an empty body', '', {}, 400, -32_700, /empty/],
  ['half a body', call.slice(0, 50), {}, 400, -32_700, /not valid JSON/],
  ['a batch', `[${call},${call}]`, {}, 400, -32_600, /Batches are not supported/],
  ['an empty batch', '[]', {}, 400, -32_600, /Batches/],
  ['a number', '1', {}, 400, -32_600, /no request or notification/],
  ['null', 'null', {}, 400, -32_600, /no request or notification/],
  ['JSON-RPC 1.0', '{"id":1,"method":"ping"}', {}, 400, -32_600, /2\.0/],
  ['a response', '{"jsonrpc":"2.0","id":1,"result":{}}', {}, 400, -32_600, /no request/],
  ['deep nesting', NESTED, {}, 400, -32_600, /32 levels/],
  ['a key twice', call.replace('"id":1', '"id":1,"id":2'), {}, 400, -32_600, /id/],
  ['a prototype', call.replace('"id":1', '"__proto__":{}'), {}, 400, -32_600, /__proto__/],
  ['20 kB', call + ' '.repeat(20_000), {}, 413, -32_000, /16 KiB/],
  ['plain text', call, { 'content-type': 'text/plain' }, 415, -32_000, /application\/json/],
  ['gzip', call, { 'content-encoding': 'gzip' }, 415, -32_000, /gzip/],
])('%s is refused as a JSON-RPC error', async (_what, body, headers, status, code, words) => {
  const answer = await send(body, headers);
  expect([answer.status, answer.json.error.code, answer.json.id]).toEqual([status, code, null]);
  expect(answer.json.error.message).toMatch(words);
  expect(answer.json.error.data).toMatchObject({ status, instance: '/mcp' });
  expect(answer.headers.get('x-request-id')).toMatch(/./);
  expect(core.bids).toEqual([]);
});

test.each(['GET', 'DELETE', 'PUT'] as const)(
  '%s is not served, for there is no session',
  async (method) => {
    const { statusCode, headers } = await app.inject({ method, url: '/mcp' });
    expect([statusCode, headers['allow']]).toEqual([405, 'POST']);
  },
);

describe('who may call', () => {
  /** Node's fetch sets no Host and no Origin, so these are injected. */
  async function statusWith(headers: Record<string, string>): Promise<number> {
    const { body, headers: protocol } = callOf('2025-11-25');
    return (await gateway.post('/mcp', body, { ...(protocol as any), ...headers })).statusCode;
  }

  test.each([
    ['localhost:8000', 200],
    ['127.0.0.1', 200],
    ['[::1]:8000', 200],
    ['shop.example', 200],
    ['shop.example:443', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['shop.example.evil.example', 403],
  ])('under the Host %s it is %i', async (host, expected) => {
    expect(await statusWith({ host })).toBe(expected);
  });

  test.each([
    ['http://localhost:3000', 200],
    ['http://127.0.0.1:8000', 200],
    ['https://shop.example', 200],
    ['http://shop.example', 403],
    ['https://evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['null', 403],
    ['nonsense', 403],
  ])('a page of %s gets %i', async (origin, expected) => {
    expect(await statusWith({ host: 'localhost', origin })).toBe(expected);
  });

  test('who may not call is told so in the terms of the protocol', async () => {
    const headers = { host: 'localhost', origin: 'https://evil.example' };
    const answer = await gateway.post('/mcp', callOf('2025-11-25').body, headers);
    expect(answer.json()).toMatchObject({
      jsonrpc: '2.0',
      error: { code: -32_000, data: { type: 'urn:aura:problem:origin-not-allowed' } },
    });
    expect(core.bids).toEqual([]);
  });

  test('a page that may call gets to send the headers of the protocol', async () => {
    const { headers } = await app.inject({
      method: 'OPTIONS',
      url: '/mcp',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'mcp-protocol-version,mcp-method,mcp-name',
      },
    });
    expect(headers['access-control-allow-headers']).toMatch(/mcp-protocol-version.*mcp-name/);
  });
});

describe('which calls are known', () => {
  const envelope = ({ body, headers }: Message) => envelopeOf(body as any, headers);
  const plain = callOf('2026-07-28');
  const meta = { ...META, traceparent: 'x', baggage: 'y', progressToken: 'z' };

  test('what changes from call to call makes no other call of it', () => {
    const known = new KnownCalls();
    known.add(envelope(plain) as string);
    const params = { ...plain.body['params'], arguments: {}, _meta: meta };
    expect(known.has(envelope({ ...plain, body: { ...plain.body, id: 'other', params } }))).toBe(
      true,
    );
    expect(known.has(envelope(callOf('2025-11-25')))).toBe(false);
  });

  test.each([
    [{ method: 'tools/list' }],
    [{ extra: 1 }],
    [{ id: null }],
    [{ id: 1.5 }],
    [{ params: { name: 'negotiate' } }],
    [{ params: { name: 'negotiate', arguments: [] } }],
    [{ params: { name: 'negotiate', arguments: {}, task: {} } }],
    [{ params: { name: 'negotiate', arguments: {}, _meta: [] } }],
    [{ params: { name: 'negotiate', arguments: {}, _meta: { long: 'x'.repeat(3_000) } } }],
  ])('%j is for the package to look at', (change) => {
    expect(envelope({ ...plain, body: { ...plain.body, ...change } })).toBeUndefined();
  });

  test('no more than a thousand are kept', () => {
    const known = new KnownCalls();
    for (let i = 0; i <= 1_000; i++) known.add(String(i));
    expect([known.has('0'), known.has('1000'), known.has(undefined)]).toEqual([false, true, false]);
  });
});

test('without MCP there is no such path', async () => {
  const off = await startGateway();
  expect((await off.app.inject({ method: 'POST', url: '/mcp', payload: {} })).statusCode).toBe(404);
  await off.close();
});
