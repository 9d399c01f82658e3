/**
 * These tests let fresh clients of MCP, which know nothing but the address, deal with a whole local stack
 * and a second gateway before the same core.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';

const BRIDGE = join(import.meta.dirname, 'stdio-bridge.ts');
const dataDir = await makeDataDir({ seeded: true });
let stack: Stack;
let second: Service;
beforeAll(async () => {
  stack = await startStack({ DATA_DIR: dataDir });
  const core = await stack.line(
    ({ event, service }) => event === 'server_started' && service === 'aura-core',
  );
  second = await startService('api-gateway', {
    CORE_SERVICE_HOST: `127.0.0.1:${String(core['port'])}`,
    HTTP_PORT: '0',
    OTEL_TRACES_EXPORTER: 'none',
  });
});
afterAll(async () => {
  await second.stop();
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Sends each request to another gateway than the one before, as a balancer without stickiness may. */
function alternate(): (url: string | URL, init?: RequestInit) => Promise<Response> {
  let sent = 0;
  const origins = [stack.url, `http://127.0.0.1:${second.port}`] as const;
  return (url, init) => fetch(new URL(new URL(url).pathname, origins[sent++ % 2]), init);
}

function createClient(mode: 'auto' | 'legacy'): Client {
  return new Client({ name: 'fresh', version: '1' }, { versionNegotiation: { mode } });
}

interface Result {
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
  readonly structuredContent: any;
}

async function call(client: Client, name: string, args: object): Promise<Result> {
  return (await client.callTool({
    name,
    arguments: args as Record<string, unknown>,
  })) as unknown as Result;
}

/** Haggles by what the answers say alone. @returns the deal, and how many bids it took */
async function haggle(client: Client, query: string) {
  const found = await call(client, 'search_items', { query });
  const [item] = found.structuredContent.results;
  const bid = { item_id: item.id, agent_did: 'did:example:fresh' };
  let amount = Math.round(item.price * 0.6);
  let token = {};
  for (let rounds = 1; ; rounds++) {
    const args = { ...bid, ...token, bid_amount: amount, idempotency_key: crypto.randomUUID() };
    const { structuredContent: answer } = await call(client, 'negotiate', args);
    if (answer.status === 'accepted') return { deal: answer.data, item, rounds };
    expect(answer.status).toBe('countered');
    token = { session_token: answer.session_token };
    amount = rounds < 6 ? amount + 1 : answer.data.proposed_price;
  }
}

describe.each(['auto', 'legacy'] as const)('a fresh client, %s', (mode) => {
  test('finds, haggles, closes and gives back, each request at another replica', async () => {
    const client = createClient(mode);
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', stack.url), {
      fetch: alternate(),
    });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(4);
    const { deal, item, rounds } = await haggle(client, 'cheap hostel in Bali');
    expect(rounds).toBeGreaterThanOrEqual(5);
    expect(deal.final_price).toBeLessThan(item.price);
    const code = { reservation_code: deal.reservation_code };
    const held = await call(client, 'get_reservation', code);
    expect(held.structuredContent).toMatchObject({ price: deal.final_price, status: 'held' });
    const released = await call(client, 'release_reservation', code);
    expect(released.structuredContent.status).toBe('released');
    const gone = await call(client, 'release_reservation', code);
    expect(gone.structuredContent.status).toBe('released');
    await client.close();
  });

  test('does the same over the stdio bridge', async () => {
    const client = createClient(mode);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [BRIDGE],
      env: { PATH: process.env['PATH'] ?? '', GATEWAY_URL: stack.url },
      stderr: 'pipe',
    });
    await client.connect(transport);
    const { deal, rounds } = await haggle(client, 'cheap hostel in Bali');
    expect(rounds).toBeGreaterThanOrEqual(5);
    const code = { reservation_code: deal.reservation_code };
    const { structuredContent } = await call(client, 'release_reservation', code);
    expect(structuredContent.status).toBe('released');
    const wrong = await call(client, 'negotiate', { item_id: 'hostel_beta', bid_amount: 1 });
    expect(wrong).toMatchObject({ isError: true });
    await client.close();
  });
});

test('the same bid at both replicas under one key counts once', async () => {
  const client = createClient('auto');
  const url = new URL('/mcp', stack.url);
  await client.connect(new StreamableHTTPClientTransport(url, { fetch: alternate() }));
  const wish = { item_id: 'hotel_alpha', bid_amount: 1_000, agent_did: 'did:example:twice' };
  const bid = { ...wish, idempotency_key: 'at-both' };
  const first = await call(client, 'negotiate', bid);
  const again = await call(client, 'negotiate', bid);
  expect(first.structuredContent.status).toBe('accepted');
  expect(again).toEqual(first);
  await client.close();
});

test('the bridge says where nobody answers', async () => {
  const client = createClient('legacy');
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BRIDGE],
    env: { PATH: process.env['PATH'] ?? '', GATEWAY_URL: 'http://127.0.0.1:1' },
    stderr: 'pipe',
  });
  await expect(client.connect(transport)).rejects.toThrow(
    'Nobody answers at http://127.0.0.1:1; GATEWAY_URL names another.',
  );
  await client.close();
});

/** Starts the bridge with that input. */
async function bridge(GATEWAY_URL: string, input: string) {
  const env = { PATH: process.env['PATH'], GATEWAY_URL };
  const child = spawn(process.execPath, [BRIDGE], { env });
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

test('the bridge refuses a key that is there twice, of which a parser would take the last', async () => {
  const twice =
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","arguments":{"query":"a","query":"b"}}}';
  const { stdout } = await bridge(stack.url, `${twice}\n`);
  expect(JSON.parse(stdout)).toEqual({
    jsonrpc: '2.0',
    id: 7,
    error: { code: -32_600, message: 'params.arguments.query is there twice' },
  });
});

test('the bridge says in one line that GATEWAY_URL is no URL', async () => {
  const { stderr } = await bridge('localhost:8000', '');
  expect(stderr).toBe(
    'GATEWAY_URL must be a URL such as http://127.0.0.1:8000, not "localhost:8000"\n',
  );
});
