/** These tests run the whole stack as separate processes, the way `pnpm start` does. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import type { Stack } from '../testing/stack.ts';
import { spawnStack, startStack } from '../testing/stack.ts';

// `--fresh`, in the last of these tests, makes a database from nothing.
const dataDir = await makeDataDir({ seeded: true });
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Answer {
  readonly session_token: string;
  readonly status: string;
  readonly data: { readonly proposed_price?: number; readonly final_price?: number };
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer: any = await response.json();
  return { status: response.status, headers: response.headers, body: answer };
}

async function bid(stack: Stack, amount: number, token?: string): Promise<Answer> {
  const answer = await post(`${stack.url}/v1/negotiate`, {
    item_id: 'hotel_alpha',
    bid_amount: amount,
    agent_did: 'did:example:buyer',
    ...(token && { session_token: token }),
  });
  expect(answer.status).toBe(200);
  return answer.body as Answer;
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the local stack', () => {
  let stack: Stack;
  let openToken: string;
  beforeAll(async () => {
    stack = await startStack({ DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await stack?.stop();
  });

  test('says that the model is a stand-in, and gives lines to paste', () => {
    expect(stack.output()).toContain('an offline stand-in plays it; set MISTRAL_API_KEY');
    expect(stack.output()).toContain(`curl -s ${stack.url}/v1/search`);
    expect(stack.output()).toContain(`${stack.url}/docs`);
  });

  test('finds the cheap place near the beach', async () => {
    const { body } = await post(`${stack.url}/v1/search`, {
      query: 'cheap place near the beach in Bali',
    });
    expect(body.results).toHaveLength(3);
    expect(body.results[0]).toMatchObject({ id: 'hostel_beta', price: 50, currency: 'USD' });
  });

  test('a buyer that carries its token sees falling asks and closes', async () => {
    let answer = await bid(stack, 700);
    const asks: number[] = [];
    for (let amount = 720; answer.status === 'countered' && asks.length < 10; amount += 25) {
      asks.push(answer.data.proposed_price!);
      answer = await bid(stack, amount, answer.session_token);
    }
    expect(answer.status).toBe('accepted');
    expect(answer.data.final_price).toBeGreaterThanOrEqual(800);
    expect(asks.length).toBeGreaterThan(3);
    expect(asks).toEqual([...new Set(asks)].toSorted((a, b) => b - a));
  });

  test('a bid above the high-value threshold waits for a person, whatever the list price', async () => {
    const wish = { item_id: 'hotel_alpha', bid_amount: 1_200, agent_did: 'test-agent' };
    const { body } = await post(`${stack.url}/v1/negotiate`, wish);
    expect(body).toMatchObject({
      status: 'ui_required',
      action_required: { template: 'high_value_confirm' },
    });
    const exactly = { ...wish, bid_amount: 1_000 };
    const { body: deal } = await post(`${stack.url}/v1/negotiate`, exactly);
    expect(deal).toMatchObject({ status: 'accepted', data: { final_price: 1_000 } });
  });

  test('takes an import while it answers, and finds what came with it', async () => {
    const file = join(dataDir, 'items.jsonl');
    const item = { description: 'Plain.', price: '20', floor: '10', currency: 'USD' };
    const items = Array.from({ length: 400 }, (_, i) => ({
      id: `w${i}`,
      name: `Walrus ${i}`,
      ...item,
    }));
    writeFileSync(file, items.map((each) => JSON.stringify(each)).join('\n'));
    const args = [join(import.meta.dirname, 'tool.ts'), 'inventory', 'import', file];
    const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '' };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const output = text(child.stdout);
    const statuses = new Set<number>();
    const over = once(child, 'close');
    while (child.exitCode === null) {
      statuses.add((await post(`${stack.url}/v1/search`, { query: 'a quiet place' })).status);
      await bid(stack, 700);
    }
    expect((await over)[0]).toBe(0);
    expect(await output).toMatch(/400 added, .*\n\d+ items embedded by aura-local-/);
    expect([...statuses]).toEqual([200]);
    const { body } = await post(`${stack.url}/v1/search`, { query: 'Walrus 123', limit: 1 });
    expect(body.results).toMatchObject([{ id: 'w123', price: 20 }]);
  });

  test('40 requests at once: each has one trace id, the same in both services', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => (i + 1).toString(16).padStart(32, 'a'));
    const answers = await Promise.all(
      ids.map((id, i) =>
        post(
          `${stack.url}/v1/${i % 2 ? 'search' : 'negotiate'}`,
          i % 2
            ? { query: `hotel number ${i}` }
            : { item_id: 'hotel_alpha', bid_amount: 700 + i, agent_did: `did:example:${i}` },
          { traceparent: `00-${id}-00f067aa0ba902b7-01`, 'x-request-id': `request-${i}` },
        ),
      ),
    );
    for (const [i, id] of ids.entries()) {
      expect(answers[i]?.headers.get('x-trace-id')).toBe(id);
      const decided = i % 2 ? ['search_completed'] : ['llm_decision_made', 'negotiation_countered'];
      // The logs of the two services come through two pipes, so their lines may arrive in any order.
      for (const event of ['request_completed', ...decided]) {
        await stack.line((line) => line['trace_id'] === id && line['event'] === event);
      }
      const own = stack.lines().filter((line) => line['request_id'] === `request-${i}`);
      expect(new Set(own.map((line) => line['service']))).toEqual(
        new Set(['aura-gateway', 'aura-core']),
      );
      expect(own.map((line) => line['trace_id'])).toEqual(own.map(() => id));
    }
  });

  test('logs nothing below the level info, which is the default', () => {
    const levels = stack.lines().map(({ level }) => level);
    expect(levels).toContain('info');
    expect(levels).not.toContain('debug');
    expect(stack.output()).not.toContain('request_started');
  });

  test('a second stack on the same folder is told so in one line', async () => {
    const second = spawnStack({ DATA_DIR: dataDir });
    const [stderr, [code]] = await Promise.all([text(second.stderr!), once(second, 'exit')]);
    expect(stderr).toContain(`DATA_DIR ${dataDir} is in use by another process`);
    expect(code).toBe(1);
  });

  test('stops on SIGINT with exit code 0, and keeps what was agreed', async () => {
    openToken = (await bid(stack, 750)).session_token;
    expect(await stack.stop()).toBe(0);
    await expect(fetch(`${stack.url}/healthz`)).rejects.toThrow('fetch failed');
    expect(() => readFileSync(join(dataDir, 'database-url'))).toThrow('ENOENT');

    // At this level no service logs that it listens, and the stack must notice it all the same.
    stack = await startStack({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' });
    const answer = await bid(stack, 760, openToken);
    expect(stack.lines()).toEqual([]);
    expect(answer).toMatchObject({ status: 'countered', session_token: openToken });
    expect(await stack.stop('SIGTERM')).toBe(0);
  });

  test('--fresh starts over', async () => {
    const hosts = hasIpv6 ? { HTTP_HOST: '::1', GRPC_HOST: '[::1]' } : {};
    stack = await startStack({ DATA_DIR: dataDir, ...hosts }, '--fresh');
    const answer = await bid(stack, 760, openToken);
    expect(answer).toMatchObject({ status: 'rejected', data: { reason_code: 'SESSION_INVALID' } });
  });

  test.runIf(hasIpv6 && hasCurl)('over IPv6 it says lines that can be pasted', async () => {
    expect(stack.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    for (const [name, found] of [
      ['search', 'hostel_beta'],
      ['bid', 'session_token'],
    ] as const) {
      const line = new RegExp(`^  ${name} +(curl .*)$`, 'm').exec(stack.output())?.[1] ?? '';
      const { stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
      expect([stdout, stderr]).toEqual([expect.stringContaining(found), '']);
    }
  });
});

describe('what is wrong is said in one line', () => {
  async function failingStart(env: NodeJS.ProcessEnv): Promise<string[]> {
    const child = spawnStack({ DATA_DIR: dataDir, ...env });
    const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect(code).toBe(1);
    return stderr.split('\n').filter((line) => line !== '' && !line.includes('has ended'));
  }

  test.each([
    [
      'HTTP_PORT',
      'eighty',
      /^HTTP_PORT must be a whole number from 0 to 65535, without a separator, not "eighty"$/,
    ],
    ['QUOTE_TTL_S', '0', /^QUOTE_TTL_S must be a whole number from 1 to 86400, not 0$/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL .*"loud"/],
    ['OTEL_TRACES_SAMPLER', 'sometimes', /^OTEL_TRACES_SAMPLER must be .*, not "sometimes"$/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://', /^OTEL_EXPORTER_OTLP_ENDPOINT must look like /],
  ])('%s=%s', async (name, value, line) => {
    expect(await failingStart({ [name]: value })).toEqual([expect.stringMatching(line)]);
  });

  test.each(['HTTP_PORT', 'GRPC_PORT'])('%s is taken', async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const lines = await failingStart({ [name]: String(port) });
    other.close();
    expect(lines).toEqual([expect.stringContaining(`${name} ${port} on 127.0.0.1 cannot be used`)]);
  });
});
