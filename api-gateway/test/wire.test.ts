/** These requests cannot be injected: only a real connection can carry them. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { expectProblem, startGateway } from './gateway.ts';

const { core, listen, close, logLines } = await startGateway({ requestTimeoutMs: 1_000 });
const port = await listen();
afterEach(() => core.reset());
afterAll(close);

/** Writes the bytes, and reads until the gateway closes the connection. */
async function send(bytes: string) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  const [head = '', ...rest] = (await text(socket)).split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  return {
    statusCode: Number(line.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join('\r\n\r\n'),
  };
}

const json = '{"query":"a"}';
const post = 'POST /v1/search HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

describe('400 for', () => {
  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', 'GET /healthz HTTP/9.9\r\nhost: a\r\n\r\n'],
    ['no Host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['a control character', 'GET /healthz HTTP/1.1\r\nhost: a\r\nx: a\x01b\r\n\r\n'],
    ['a length that is none', `${post}content-length: many\r\n\r\n${json}`],
    ['two lengths', `${post}content-length: 13\r\ncontent-length: 14\r\n\r\n${json}`],
    [
      'a length and chunks',
      `${post}content-length: 13\r\ntransfer-encoding: chunked\r\n\r\n${json}`,
    ],
    ['a body longer than its length', `${post}content-length: 5\r\n\r\n${json}`],
    ['a broken chunk', `${post}transfer-encoding: chunked\r\n\r\nzz\r\n${json}\r\n0\r\n\r\n`],
  ])('%s', async (_name, bytes) => {
    expectProblem(await send(bytes), 400);
    expect(core.searches).toEqual([]);
  });
});

describe('a header that is there twice', () => {
  const bid = '{"item_id":"a","bid_amount":1,"agent_did":"did:web:a"}';
  const sendBid = (headers: string) =>
    send(
      `POST /v1/negotiate HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers}content-length: ${bid.length}\r\n\r\n${bid}`,
    );
  const TYPE = 'content-type: application/json\r\n';

  test.each([
    ['Idempotency-Key', `${TYPE}Idempotency-Key: one\r\nidempotency-key: two\r\n`],
    ['Idempotency-Key', `${TYPE}idempotency-key: one\r\nidempotency-key: one\r\n`],
    ['Content-Type', `${TYPE}content-type: text/plain\r\n`],
    ['Content-Encoding', `${TYPE}content-encoding: gzip\r\nContent-Encoding: identity\r\n`],
    ['MCP-Protocol-Version', `${TYPE}mcp-protocol-version: 1\r\nmcp-protocol-version: 2\r\n`],
  ])('is refused: %s', async (path, headers) => {
    const { errors } = expectProblem(await sendBid(headers), 400);
    expect(errors).toEqual([{ path, message: 'is there twice' }]);
    expect(core.bids).toEqual([]);
  });

  test('is taken where both say the same', async () => {
    expect((await sendBid(TYPE + TYPE)).statusCode).toBe(200);
  });

  test.each(['x-request-id', 'traceparent'])('is logged, and served: %s', async (name) => {
    const ids = `${name}: one\r\n${name}: two\r\n`;
    const { statusCode, headers } = await sendBid(TYPE + ids);
    expect(statusCode).toBe(200);
    expect(headers['x-request-id']).not.toMatch(/one|two/);
    const told = logLines().filter(({ event }) => event === 'header_repeated');
    expect(told.at(-1)).toMatchObject({ header: name, request_id: headers['x-request-id'] });
  });
});

test.each([
  ['one that is too long', `x: ${'a'.repeat(20_000)}`],
  ['too many', Array.from({ length: 3_000 }, (_, i) => `x${i}: ${i}`).join('\r\n')],
])('431 for headers: %s', async (_name, headers) => {
  expectProblem(await send(`GET /healthz HTTP/1.1\r\nhost: a\r\n${headers}\r\n\r\n`), 431);
});

test.each([
  ['headers', 'GET /healthz HTTP/1.1\r\nhost:'],
  ['a body', `${post}content-length: 14\r\n\r\n${json}`],
])('408 for %s that never come to an end', async (_name, bytes) => {
  expectProblem(await send(bytes), 408);
  expect(core.searches).toEqual([]);
});

test('413 before a body that is announced too long', async () => {
  expectProblem(await send(`${post}content-length: 99999999\r\n\r\n{`), 413);
});

test('413 within a body that does not announce its length', async () => {
  const chunk = `4e20\r\n${'x'.repeat(20_000)}\r\n`;
  expectProblem(await send(`${post}transfer-encoding: chunked\r\n\r\n${chunk}`), 413);
});

describe('200 for', () => {
  const last = `${post}connection: close\r\n`;
  test.each([
    ['a body in chunks', `${last}transfer-encoding: chunked\r\n\r\nd\r\n${json}\r\n0\r\n\r\n`],
    ['an unknown expectation', `${last}expect: much\r\ncontent-length: 13\r\n\r\n${json}`],
    ['a line break after the body', `${last}content-length: 13\r\n\r\n${json}\r\n`],
  ])('%s', async (_name, bytes) => {
    expect(await send(bytes)).toMatchObject({ statusCode: 200, body: '{"results":[]}' });
  });

  test('HTTP/1.0, which has no Host', async () => {
    const answer = await send('GET /healthz HTTP/1.0\r\n\r\n');
    expect(answer).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
  });
});

test('a header that is given twice is not well formed', async () => {
  const ids = 'x-request-id: a\r\nx-request-id: b\r\n';
  const bytes = `GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${ids}\r\n`;
  expect((await send(bytes)).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});
