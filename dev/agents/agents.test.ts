/** These tests let the buyer and the Python client bid at a whole local stack. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { generateKeyPairSync, hash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import { createSigner } from './sign.ts';

const dataDir = await makeDataDir({ seeded: true });
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ DATA_DIR: dataDir });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(command: string, file: string, ...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], GATEWAY_URL: stack.url, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(command, [join(import.meta.dirname, file), ...args], { env });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await exited)[0], out, err };
}

const buyer = (...args: string[]): Promise<Ran> => run(process.execPath, 'buyer.ts', ...args);

test.each([
  ['HTTP', []],
  ['MCP', ['--mcp']],
])(
  'over %s the buyer closes a deal within its budget, with a link to each trace',
  async (_door, how) => {
    const { code, out } = await buyer(...how, '--budget', '45', 'cheap hostel in Bali');
    expect(code).toBe(0);
    const [, price, reserved = ''] =
      /It is yours for ([\d.]+) USD\. Your code: (AURA-[\w-]+)/.exec(out) ?? [];
    expect(Number(price)).toBeGreaterThan(0);
    expect(Number(price)).toBeLessThanOrEqual(45);
    const answers = out.match(/^aura /gm) ?? [];
    const links = out.match(/^ {7}http:\/\/127\.0\.0\.1:16686\/trace\/[0-9a-f]{32}$/gm) ?? [];
    expect(answers.length).toBeGreaterThan(2);
    expect(links).toHaveLength(answers.length);
    // The receipt is of this deal; docs/receipts.md has how it is verified.
    const [, terms = ''] = /^receipt ey[\w-]+\.([\w-]+)\.[\w-]+$/m.exec(out) ?? [];
    expect(JSON.parse(Buffer.from(terms, 'base64url').toString())).toMatchObject({
      reservation_code_sha256: hash('sha256', reserved),
      currency: 'USD',
    });
  },
);

const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
const keyFile = join(dataDir, 'agent.pem');
writeFileSync(keyFile, pem);
const { did } = createSigner(pem.toString());

/** Counts the bids so far whose agent core knew. */
const knownBids = (): number =>
  stack.lines().filter((line) => line['agent_verified'] === true && 'bid_amount' in line).length;

test.each([
  ['HTTP', []],
  ['MCP', ['--mcp']],
])('over %s a buyer with a key is known in each bid', async (_door, how) => {
  const before = knownBids();
  const { code, out } = await buyer(...how, '--key', keyFile, '--budget', '45', 'hostel in Bali');
  expect([code, out]).toEqual([0, expect.stringContaining('It is yours')]);
  const bids = out.match(/^buyer {2}[\d.]+ USD\?$/gm) ?? [];
  await vi.waitFor(() => expect(knownBids()).toBe(before + bids.length), 30_000);
});

test('a buyer with a key bids by no other name', async () => {
  const other = ['--key', keyFile, '--agent', 'did:example:victim'];
  const { code, err } = await buyer(...other, '--budget', '45', 'cheap hostel in Bali');
  expect([code, err]).toEqual([1, expect.stringContaining(`agent_did must be ${did}`)]);
});

test('a key that is none is said', async () => {
  const { code, err } = await buyer('--key', '/dev/null', '--budget', '45', 'hostel');
  expect([code, err]).toEqual([1, expect.stringContaining('--key must name a private key')]);
});

test.each([
  ['nothing is within reach', '5', 'All of it is out of my reach.'],
  ['the last offer is too much', '31', 'More than I have.'],
])('the buyer leaves without a deal when %s', async (_name, budget, words) => {
  const { code, out } = await buyer('--budget', budget, 'Backpacker Hostel Beta in Bali');
  expect([code, out]).toEqual([2, expect.stringContaining(words)]);
});

test('the buyer is told when a person has to confirm', async () => {
  const { code, out } = await buyer(
    '--budget',
    '5000',
    'Flamingo Deco Penthouses, Miami South Beach',
  );
  expect([code, out]).toEqual([2, expect.stringContaining('A person has to confirm this')]);
});

test.each([
  [['hostel'], '--budget is missing'],
  [['--budget', 'ten', 'hostel'], '--budget must be a number from 0 to 1000000000, not "ten"'],
  [['--budget', '0', 'hostel'], '--budget must be above 0'],
  [['--budget', '1.000', 'hostel'], '"1.000", which could be 1000 or 1; write it without'],
  [['--budget', '1,500', 'hostel'], '"1,500", which could be 1500 or 1.5; write it without'],
  [['--budget', '1e3', 'hostel'], '"1e3"; write out its digits'],
  [['--budget', '0x2d', 'hostel'], 'not "0x2d"'],
  [['--budget', 'Infinity', 'hostel'], 'not "Infinity"'],
  [['--budget', '10'], 'say what you are looking for'],
  [
    ['--budget', '10', '--gateway', 'http://::1:8000', 'hostel'],
    '--gateway or GATEWAY_URL must be a URL such as http://[::1]:8000',
  ],
  [['--budget', '10', '--gateway', 'localhost:8000', 'hostel'], 'must be a URL such as http://'],
  [['--budgte', '10', 'hostel'], "Unknown option '--budgte'"],
  [['--budget', '10', '--gateway', 'http://127.0.0.1:1', 'hostel'], 'Nobody answers at http'],
])('what is wrong with %j is said', async (args, words) => {
  const { code, err } = await buyer(...args);
  expect([code, err]).toEqual([1, expect.stringContaining(words)]);
});

test('over MCP it says where nobody answers', async () => {
  const wish = ['--mcp', '--budget', '10', 'hostel'];
  const { code, err } = await buyer(...wish, '--gateway', 'http://127.0.0.1:1');
  expect([code, err]).toEqual([1, expect.stringContaining('Nobody answers at http')]);
});

test('over MCP what the gateway refuses is said in its words', async () => {
  const { code, err } = await buyer('--mcp', '--budget', '45', '--agent', 'not me', 'cheap hostel');
  expect([code, err]).toEqual([1, expect.stringMatching(/agent_did must be/)]);
});

test('what the gateway refuses is said in its words', async () => {
  const { code, err } = await buyer('--budget', '45', '--agent', 'not me', 'cheap hostel in Bali');
  expect([code, err]).toEqual([1, expect.stringMatching(/^400: .*agent_did must be/)]);
});

test.each([
  ['45,5', '45.5'],
  ['1 000', '1000'],
  ['1.000,50', '1000.5'],
  ['\uFF14\uFF15', '45'],
])('a budget of %j is %s', async (written, budget) => {
  const { out } = await buyer('--budget', written, '--agent', 'not me', 'hostel');
  expect(out).toContain(`My budget is ${budget}.`);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.runIf(hasPython)('the Python client closes a deal', async () => {
  const { code, out } = await run('python3', 'client.py', 'cheap hostel in Bali', '45');
  expect([code, out]).toEqual([0, expect.stringContaining('accepted')]);
});

const canSign = spawnSync('python3', ['-c', 'import cryptography']).status === 0;

test.runIf(canSign)('the Python client signs with a key', async () => {
  const before = knownBids();
  const args = ['--key', keyFile, 'cheap hostel in Bali', '45'];
  const { code, out } = await run('python3', 'client.py', ...args);
  expect([code, out]).toEqual([0, expect.stringContaining('accepted')]);
  await vi.waitFor(() => expect(knownBids()).toBeGreaterThan(before), 30_000);
});

test.runIf(spawnSync('openssl', ['version']).status === 0)('so does signed-curl', async () => {
  const bid = JSON.stringify({ item_id: 'hostel_beta', bid_amount: 30, agent_did: did });
  const url = `${stack.url}/v1/negotiate`;
  const { out } = await run('sh', 'signed-curl', keyFile, did, url, bid);
  expect(JSON.parse(out)).toMatchObject({ status: 'countered' });
});

test.runIf(hasPython).each(['1.000', '45,5', '1_000', '１０', 'nan', 'inf', '1e3', '-5', '0', ''])(
  'the Python client refuses a budget of %j',
  async (budget) => {
    const { code, err } = await run('python3', 'client.py', 'cheap hostel in Bali', budget);
    expect([code, err]).toEqual([1, expect.stringContaining('the budget must be above 0, in')]);
  },
);
