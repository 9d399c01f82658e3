/** Both services log one JSON object a line with the same keys, whatever a client sends. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callCore } from '../testing/call-core.ts';
import { makeDataDir } from '../testing/database.ts';
import { mcpCall } from '../testing/mcp-call.ts';
import { INSTRUMENTATIONS } from '../testing/instrumentations.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';

const NASTY = [
  '\n{"level":"info","event":"forged"}\n',
  '\r\nforged',
  '\0\u0001\u0007\b\u007f',
  '\u001b[2J\u001b[31mred\u001b]0;title\u0007',
  '\u0085\u009b31m',
  '\u2028forged\u2029',
  '🏨👩‍👩‍👧‍👦\u202eoverride\ufeff',
  '"}\\',
  '%0a%00%1b[31m%e2%80%a8',
  `did:example:${'x'.repeat(10_240)}`,
];
const bid = { item_id: 'hotel_alpha', bid_amount: 500, agent_did: 'did:example:buyer' };

/** Sends bytes as they are, which no HTTP client would, and reads until the server hangs up. */
async function sendRaw(url: string, head: readonly string[], body = ''): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const length = `content-length: ${Buffer.byteLength(body)}`;
  const lines = [...head, 'host: aura', 'connection: close', length];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return await text(socket);
}

/** Sends the text in each place of a request that a client can write into. */
async function sendEverywhere({ url }: Stack, nasty: string): Promise<void> {
  const post = 'POST /v1/negotiate HTTP/1.1';
  const json = 'content-type: application/json';
  for (const field of ['item_id', 'agent_did', 'currency', 'session_token', 'bid_amount', nasty]) {
    await sendRaw(url, [post, json], JSON.stringify({ ...bid, [field]: nasty }));
  }
  const mcp = ['POST /mcp HTTP/1.1', json, 'mcp-method: tools/call', 'mcp-name: negotiate'];
  const { body } = mcpCall('negotiate', bid, { traceparent: nasty, baggage: nasty });
  const version = 'mcp-protocol-version: 2026-07-28';
  for (const change of [{}, { id: nasty }, { method: nasty }, { [nasty]: nasty }]) {
    await sendRaw(url, [...mcp, version], JSON.stringify({ ...body, ...change }));
  }
  await sendRaw(url, [...mcp, version], JSON.stringify(mcpCall(nasty, bid).body));
  await sendRaw(url, [...mcp, version], JSON.stringify(mcpCall('negotiate', { nasty }).body));
  await sendRaw(url, [...mcp, `mcp-protocol-version: ${nasty}`], JSON.stringify(body));
  const query = JSON.stringify({ query: nasty });
  await sendRaw(url, ['POST /v1/search HTTP/1.1', json], query);
  await sendRaw(url, [post, json], nasty);
  const headers = ['x-request-id', 'user-agent', 'idempotency-key', 'baggage', 'traceparent'];
  for (const name of [...headers, 'content-type', 'content-encoding', 'tracestate']) {
    await sendRaw(url, [post, `${name}: ${nasty}`, ...(name === 'content-type' ? [] : [json])]);
    await sendRaw(url, [post, json, `${name}: ${nasty}`], JSON.stringify(bid));
  }
  await sendRaw(url, [`GET /v1/search?${nasty} HTTP/1.1`]);
  await sendRaw(url, [`GET /${nasty} HTTP/1.1`]);
  await sendRaw(url, [`GET /${encodeURIComponent(nasty)} HTTP/1.1`]);
  await sendRaw(url, [`${nasty} / HTTP/1.1`]);
}

/** Sends the text to core directly, past the gateway, as other clients do. */
async function sendToCore(port: number, nasty: string): Promise<void> {
  const call = { itemId: nasty, bidAmount: 1, agent: { did: nasty }, currencyCode: nasty };
  await callCore(port, 'Negotiate', { ...call, requestId: nasty, sessionToken: nasty });
  await callCore(port, 'Search', { query: nasty }, { 'x-request-id': `"}\\,'{"forged":1}` });
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const dataDir = await makeDataDir({ seeded: true });
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** @returns every line that the services wrote once clients could reach them */
function servedLines(stack: Stack): string[] {
  const [, served = ''] = stack.output().split('(--fresh starts over).\n\n');
  return served.split('\n').slice(0, -1);
}

describe.each(INSTRUMENTATIONS)(
  'at the level debug, with the %s instrumentation',
  (instrumentation) => {
    let output: string[];
    let lines: Record<string, unknown>[];

    beforeAll(async () => {
      const stack = await startStack({
        DATA_DIR: dataDir,
        LOG_LEVEL: 'debug',
        TRACE_INSTRUMENTATION: instrumentation,
      });
      try {
        const core = ({ event, service }: Readonly<Record<string, unknown>>) =>
          event === 'server_started' && service === 'aura-core';
        const port = Number((await stack.line(core))['port']);
        for (const nasty of NASTY) {
          await sendEverywhere(stack, nasty);
          await sendToCore(port, nasty);
        }
        const last = { 'content-type': 'application/json', 'x-request-id': 'the-last-one' };
        const request = { method: 'POST', headers: last, body: JSON.stringify(bid) };
        await (await fetch(`${stack.url}/v1/negotiate`, request)).text();
        const search = { ...request, body: JSON.stringify({ query: 'beach' }) };
        await (await fetch(`${stack.url}/v1/search`, search)).text();
      } finally {
        await stack.stop();
      }
      output = servedLines(stack);
      lines = stack
        .output()
        .split('\n')
        .filter(isObject)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    });

    test('each line is one JSON object', () => {
      expect(output.length).toBeGreaterThan(NASTY.length * 10);
      expect(output.filter((line) => !isObject(line))).toEqual([]);
      for (const line of output) {
        // A line holds nothing that a terminal or a line reader would obey, and no key twice.
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect(line).not.toMatch(/"(service|logger|request_id|trace_id|span_id)":.*"\1":/);
      }
    });

    test('each line has the common keys', () => {
      for (const line of lines) {
        expect(line).toMatchObject({
          level: expect.stringMatching(/^(trace|debug|info|warn|error|fatal)$/),
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          event: expect.stringMatching(/^[a-z]+(_[a-z]+)*$/),
          service: expect.stringMatching(/^aura-(gateway|core)$/),
          logger: expect.stringMatching(/^[a-z]+$/),
        });
      }
    });

    test('each line of a request has its ids, the same in both services', () => {
      const outside = ['telemetry_initialized', 'server_started'];
      const requests = lines.filter(
        ({ event }) => ![...outside, 'server_stopping'].includes(String(event)),
      );
      for (const line of requests) {
        expect(line).toMatchObject({
          request_id: expect.stringMatching(/^[\x21-\x7e]{1,128}$/),
          trace_id: expect.stringMatching(/^[\da-f]{32}$/),
          span_id: expect.stringMatching(/^[\da-f]{16}$/),
        });
      }
      const last = requests.filter((line) => line['request_id'] === 'the-last-one');
      expect(new Set(last.map(({ service }) => service)).size).toBe(2);
      // One trace is the bid's, the other the search's.
      expect(new Set(last.map((line) => line['trace_id'])).size).toBe(2);
    });

    test('a line says what happened, not what a client would have it say', () => {
      expect(lines.map(({ event }) => event)).not.toContain('forged');
      const events = ['request_started', 'negotiate_request_received', 'negotiation_countered'];
      expect(lines.map(({ event }) => event)).toEqual(
        expect.arrayContaining([...events, 'search_completed', 'request_completed']),
      );
      for (const line of output) expect(line.length).toBeLessThan(16 * 1024);
    });
  },
);
