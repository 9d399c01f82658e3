/** These tests put more before the gateway than it may have under way, through the real app and client. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { status } from '@grpc/grpc-js';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { LoadLimits } from '../src/admission.ts';
import { ALWAYS_TAKEN } from '../src/admission.ts';
import { failWith } from './fake-core.ts';
import { expectProblem, startGateway } from './gateway.ts';

const bid = { item_id: 'hotel_alpha', bid_amount: 850, agent_did: 'did:example:buyer' };
const COUNTERED = {
  sessionToken: 'sess_0123456789abcdef',
  validUntilTimestamp: 1_795_365_496,
  countered: { proposedPrice: 986, reasonCode: 'BID_BELOW_ASK', humanMessage: 'Nearly.' },
};

async function start(limits: Partial<LoadLimits> = {}) {
  const corsOrigins = ['https://shop.example'];
  const gateway = await startGateway({ limits, corsOrigins, mcp: { hosts: [] } });
  onTestFinished(gateway.close);
  return gateway;
}

type Gateway = Awaited<ReturnType<typeof start>>;

/** Sends bids that core does not answer until it is told to. */
async function hold({ core, post }: Gateway, count: number) {
  const answer = Promise.withResolvers<void>();
  core.negotiate = () => answer.promise.then(() => COUNTERED);
  const arrived = core.bids.length + count;
  const held = Array.from({ length: count }, () => post('/v1/negotiate', bid));
  await vi.waitFor(() => expect(core.bids).toHaveLength(arrived), 30_000);
  return {
    /** Lets core answer. @returns the statuses of the bids */
    release: async () => {
      answer.resolve();
      return (await Promise.all(held)).map(({ statusCode }) => statusCode);
    },
  };
}

function eventsOf({ logLines }: Gateway, level: string): unknown[] {
  return logLines().flatMap((line) => (line['level'] === level ? [line['event']] : []));
}

test('what comes beyond the limit is refused at once, and all is well when the others are answered', async () => {
  const gateway = await start({ maxInFlight: 10 });
  const held = await hold(gateway, 10);
  const headers = { 'x-request-id': 'order-7', origin: 'https://shop.example' };
  const refused = await gateway.post('/v1/negotiate', bid, headers);
  expect(expectProblem(refused, 503).type).toBe('urn:aura:problem:overloaded');
  expect(refused.headers).toMatchObject({
    'x-request-id': 'order-7',
    'retry-after': expect.stringMatching(/^[1-9]\d?$/),
    'access-control-allow-origin': 'https://shop.example',
  });
  // Core heard nothing of it.
  expect(gateway.core.bids).toHaveLength(10);
  expect(new Set(await held.release())).toEqual(new Set([200]));
  expect((await gateway.post('/v1/negotiate', bid)).statusCode).toBe(200);
});

test('a body is not even read', async () => {
  const gateway = await start({ maxInFlight: 1 });
  const held = await hold(gateway, 1);
  expectProblem(await gateway.post('/v1/negotiate', '{"not": JSON'), 503);
  await held.release();
  expectProblem(await gateway.post('/v1/negotiate', '{"not": JSON'), 400);
});

test('a request that is still arriving takes no place', async () => {
  const gateway = await start({ maxInFlight: 1 });
  const slow = connect(await gateway.listen(), '127.0.0.1');
  onTestFinished(() => void slow.destroy());
  const body = JSON.stringify(bid);
  slow.write(
    'POST /v1/negotiate HTTP/1.1\r\nhost: aura\r\nx-request-id: slow\r\n' +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  const isSlow = (line: Readonly<Record<string, unknown>>) => line['request_id'] === 'slow';
  await vi.waitFor(() => expect(gateway.logLines().some(isSlow)).toBe(true), 30_000);
  expect((await gateway.post('/v1/negotiate', bid)).statusCode).toBe(200);
  // The place was taken by another when the rest arrived.
  const held = await hold(gateway, 1);
  slow.write(body);
  const [answer] = (await once(slow, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 503 /);
  await held.release();
});

test.each(['/healthz', '/readyz', '/health'])('%s is answered all the same', async (url) => {
  const gateway = await start({ maxInFlight: 1 });
  const held = await hold(gateway, 1);
  expectProblem(await gateway.post('/v1/search', { query: 'a' }), 503);
  expect((await gateway.app.inject(url)).statusCode).toBe(200);
  await held.release();
});

test('a client that goes away leaves its place to another', async () => {
  const gateway = await start({ maxInFlight: 1 });
  const port = await gateway.listen();
  const gone = new AbortController();
  gateway.core.negotiate = () => {
    gone.abort();
    return new Promise(() => {});
  };
  const url = `http://127.0.0.1:${port}/v1/negotiate`;
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(bid), signal: gone.signal };
  await expect(fetch(url, init)).rejects.toThrow('abort');
  gateway.core.reset();
  await vi.waitFor(
    async () => expect((await gateway.post('/v1/negotiate', bid)).statusCode).toBe(200),
    30_000,
  );
});

test('the log tells once that it begins, and has no line for each refusal', async () => {
  const gateway = await start({ maxInFlight: 1 });
  const held = await hold(gateway, 1);
  for (let i = 0; i < 20; i++) await gateway.post('/v1/negotiate', bid);
  await held.release();
  expect(eventsOf(gateway, 'warn')).toEqual(['overload_began']);
  const line = gateway.logLines().find(({ event }) => event === 'overload_began');
  expect(line).toMatchObject({ reason: 'in_flight', in_flight: 1 });
  const completed = eventsOf(gateway, 'info').filter((event) => event === 'request_completed');
  expect(completed).toHaveLength(1);
});

test('what core refuses is told in the same words, and then most of it is not sent to core', async () => {
  const gateway = await start();
  const { core, post } = gateway;
  const detail = { reason: 'OVERLOADED', retryAfterSeconds: 7 };
  const refuse = failWith(status.RESOURCE_EXHAUSTED, 'too much', detail);
  const held = await hold(gateway, ALWAYS_TAKEN);
  core.negotiate = refuse;
  for (let i = 0; i < 200; i++) {
    const refused = await post('/v1/negotiate', bid);
    expect(expectProblem(refused, 503).type).toBe('urn:aura:problem:overloaded');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  }
  // Of those 200 core accepted none.
  expect(core.bids.length - ALWAYS_TAKEN).toBeLessThan(100);
  expect(eventsOf(gateway, 'warn')).toEqual(['overload_began']);
  await held.release();
  core.reset();
  await vi.waitFor(
    async () => expect((await post('/v1/negotiate', bid)).statusCode).toBe(200),
    30_000,
  );
});

const overMcp = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'negotiate', arguments: bid },
};

test('a call over MCP beyond the limit is refused at the same door', async () => {
  const gateway = await start({ maxInFlight: 10 });
  const held = await hold(gateway, 10);
  const refused = await gateway.post('/mcp', overMcp);
  expect([refused.statusCode, Number(refused.headers['retry-after']) > 0]).toEqual([503, true]);
  expect(gateway.core.bids).toHaveLength(10);
  await held.release();
  const served = await gateway.post('/mcp', overMcp);
  expect(served.json().result.structuredContent).toMatchObject({ status: 'countered' });
});

test('calls over MCP that core refuses are told when to come back, and then most of them are kept back', async () => {
  const gateway = await start();
  const { core, post } = gateway;
  const detail = { reason: 'OVERLOADED', retryAfterSeconds: 7 };
  const held = await hold(gateway, ALWAYS_TAKEN);
  core.negotiate = failWith(status.RESOURCE_EXHAUSTED, 'too much', detail);
  const answers = [];
  for (let i = 0; i < 200; i++) answers.push(await post('/mcp', overMcp));
  const [first] = answers;
  const [, problem] = first?.json().result.content ?? [];
  expect(JSON.parse(problem.text)).toMatchObject({
    type: 'urn:aura:problem:overloaded',
    retry_after: expect.any(Number),
  });
  expect(core.bids.length - ALWAYS_TAKEN).toBeLessThan(100);
  expect(answers.filter(({ statusCode }) => statusCode === 503).length).toBeGreaterThan(100);
  expect(eventsOf(gateway, 'warn')).toEqual(['overload_began']);
  await held.release();
});

/** Keeps the event loop busy, as too many requests would, for so long at a time. @returns ends it */
function hogEventLoop(milliseconds: number): () => void {
  const hog = setInterval(() => {
    for (const until = performance.now() + milliseconds; performance.now() < until;);
  });
  onTestFinished(() => clearInterval(hog));
  return () => clearInterval(hog);
}

test('a caller who is nearly alone is never refused, however busy the machine', async () => {
  const gateway = await start({ maxDelayMs: 1 });
  hogEventLoop(60);
  for (let i = 0; i < 10; i++) {
    expect((await gateway.post('/v1/negotiate', bid)).statusCode).toBe(200);
  }
});

test('a busy event loop refuses some, and none when it is free again', async () => {
  // Other programs may keep each turn of the event loop waiting for some ten milliseconds.
  const gateway = await start({ maxDelayMs: 100 });
  const held = await hold(gateway, ALWAYS_TAKEN);
  const endHog = hogEventLoop(250);
  await vi.waitFor(async () => {
    expectProblem(await gateway.post('/v1/search', { query: 'a' }), 503);
  }, 30_000);
  const line = gateway.logLines().find(({ event }) => event === 'overload_began');
  expect(line).toMatchObject({ reason: 'delay', in_flight: ALWAYS_TAKEN });
  endHog();
  await vi.waitFor(async () => {
    for (let i = 0; i < 20; i++) {
      expect((await gateway.post('/v1/search', { query: 'a' })).statusCode).toBe(200);
    }
  }, 30_000);
  await held.release();
  await vi.waitFor(() => expect(eventsOf(gateway, 'info')).toContain('overload_ended'), 30_000);
});
