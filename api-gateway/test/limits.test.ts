/** How often callers may ask, through the whole gateway. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { networkOf } from '../src/limits/network-of.ts';
import { RateLimited } from '../src/limits/quota.ts';
import { RateLimits } from '../src/limits/rate-limits.ts';
import type { Gateway, GatewayOptions } from './gateway.ts';
import { expectProblem, startGateway } from './gateway.ts';
import { makeKey, signFields } from './signing.ts';

const gateways: Gateway[] = [];
afterEach(async () => {
  for (const each of gateways.splice(0)) await each.close();
});
async function start(options: GatewayOptions): Promise<Gateway> {
  const gateway = await startGateway({ auth: { mode: 'optional' }, ...options });
  gateways.push(gateway);
  return gateway;
}

const wish = JSON.stringify({ query: 'hostel' });
interface From {
  readonly remoteAddress?: string;
  readonly headers?: Record<string, string>;
}
const search = ({ app }: Gateway, { remoteAddress = '192.0.2.1', headers = {} }: From = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/search',
    remoteAddress,
    headers: { 'content-type': 'application/json', host: 'aura.example', ...headers },
    payload: wish,
  });
async function statuses(times: number, ask: () => Promise<{ statusCode: number }>) {
  const answers: number[] = [];
  for (let i = 0; i < times; i++) answers.push((await ask()).statusCode);
  return answers;
}

test('beyond its limit a caller is told when to come back', async () => {
  const gateway = await start({ rateLimits: { searches: 2 } });
  const first = await search(gateway);
  expect(first.headers).toMatchObject({
    'ratelimit-policy': '"searches";q=2;w=60',
    ratelimit: expect.stringMatching(/^"searches";r=1;t=(60|5\d)$/),
  });
  await search(gateway);
  const refused = await search(gateway);
  expect(expectProblem(refused, 429)).toMatchObject({
    type: 'urn:aura:problem:rate-limited',
    detail: 'There may be 2 searches a minute.',
  });
  const [, seconds] = /^"searches";r=0;t=(\d+)$/.exec(String(refused.headers['ratelimit'])) ?? [];
  expect(refused.headers['retry-after']).toBe(seconds);
  expect(gateway.core.searches).toHaveLength(2);
  expect(gateway.logLines().filter(({ event }) => event === 'request_limited')).toMatchObject([
    { limit: 'searches', level: 'debug' },
  ]);
});

test('searches and bids are counted apart, and bids over MCP with those over HTTP', async () => {
  const gateway = await start({ rateLimits: { bids: 2 }, mcp: { hosts: undefined } });
  const bid = { item_id: 'desk', bid_amount: 10, agent_did: 'anybody' };
  const call = { name: 'negotiate', arguments: bid };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call };
  const overMcp = async () =>
    (await gateway.post('/mcp', message, { 'mcp-protocol-version': '2025-11-25' })).json().result;
  expect((await gateway.post('/v1/negotiate', bid)).statusCode).toBe(200);
  expect((await overMcp()).isError).toBeUndefined();
  expectProblem(await gateway.post('/v1/negotiate', bid), 429);
  const refused = await overMcp();
  expect(refused.isError).toBe(true);
  expect(JSON.parse(refused.content[1].text)).toMatchObject({
    status: 429,
    retry_after: expect.any(Number),
  });
  expect(await statuses(3, () => search(gateway))).toEqual([200, 200, 200]);
});

test('an agent that signs is counted by its DID, wherever it is, and others by their address', async () => {
  const gateway = await start({ rateLimits: { searches: 2 } });
  const [ann, bob] = [makeKey(), makeKey('p256')];
  const as = (key: typeof ann, remoteAddress: string) => () =>
    search(gateway, { remoteAddress, headers: signFields({ key, body: wish }) });
  expect(await statuses(1, as(ann, '192.0.2.1'))).toEqual([200]);
  expect(await statuses(2, as(ann, '192.0.2.2'))).toEqual([200, 429]);
  expect(await statuses(3, as(bob, '192.0.2.1'))).toEqual([200, 200, 429]);
  expect(await statuses(3, () => search(gateway))).toEqual([200, 200, 429]);
  expect(await statuses(1, () => search(gateway, { remoteAddress: '192.0.2.9' }))).toEqual([200]);
});

test('all requests of an address are counted before anything is done for them', async () => {
  const gateway = await start({ rateLimits: { requests: 2 } });
  const wrong = () => search(gateway, { headers: { signature: 'none' } });
  expect(await statuses(3, wrong)).toEqual([401, 401, 429]);
  for (const url of ['/healthz', '/openapi.json', '/llms.txt']) {
    const answer = await gateway.app.inject({ url, remoteAddress: '192.0.2.1' });
    expect([answer.statusCode, answer.headers['ratelimit']]).toEqual([200, undefined]);
  }
});

test('of many requests at once exactly as many pass as may', async () => {
  const gateway = await start({ rateLimits: { searches: 10 } });
  const answers = await Promise.all(Array.from({ length: 50 }, () => search(gateway)));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(10);
});

test('each replica counts for itself', async () => {
  const replicas = [
    await start({ rateLimits: { searches: 1 } }),
    await start({ rateLimits: { searches: 1 } }),
  ];
  for (const each of replicas) expect(await statuses(2, () => search(each))).toEqual([200, 429]);
});

test('without limits nothing is counted and nothing told', async () => {
  const gateway = await start({});
  const answer = await search(gateway);
  expect([answer.statusCode, answer.headers['ratelimit-policy']]).toEqual([200, undefined]);
});

describe('what a proxy says of the address', () => {
  const forwarded = (address: string, proxy: string) => ({
    remoteAddress: proxy,
    headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'https' },
  });

  test('counts for nothing by default', async () => {
    const gateway = await start({ rateLimits: { searches: 1 } });
    expect((await search(gateway, forwarded('203.0.113.1', '10.0.0.5'))).statusCode).toBe(200);
    expect((await search(gateway, forwarded('203.0.113.2', '10.0.0.5'))).statusCode).toBe(429);
  });

  test('counts where the proxy is one that is trusted, and so does the scheme that was signed', async () => {
    const gateway = await start({ rateLimits: { searches: 1 }, trustProxy: ['10.0.0.0/8'] });
    expect((await search(gateway, forwarded('203.0.113.1', '10.0.0.5'))).statusCode).toBe(200);
    expect((await search(gateway, forwarded('203.0.113.2', '10.0.0.5'))).statusCode).toBe(200);
    expect((await search(gateway, forwarded('203.0.113.2', '10.0.0.5'))).statusCode).toBe(429);
    // Whoever is not trusted may say what it likes, before a proxy that is too.
    expect((await search(gateway, forwarded('203.0.113.3', '192.0.2.7'))).statusCode).toBe(200);
    expect((await search(gateway, forwarded('203.0.113.4', '192.0.2.7'))).statusCode).toBe(429);
    const invented = forwarded('203.0.113.9, 203.0.113.2', '10.0.0.5');
    expect((await search(gateway, invented)).statusCode).toBe(429);
    const { remoteAddress, headers } = forwarded('203.0.113.8', '10.0.0.5');
    const fields = signFields({
      key: makeKey(),
      url: 'https://aura.example/v1/search',
      body: wish,
    });
    const signed = await search(gateway, { remoteAddress, headers: { ...headers, ...fields } });
    expect(signed.statusCode).toBe(200);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:db8:1:2::9', '2001:db8:1:2::'],
  ['2001:db8::1', '2001:db8:0:0::'],
  ['::1', '0:0:0:0::'],
  ['fe80::1%eth0', 'fe80:0:0:0::'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));

test('a window ends after a minute', async () => {
  vi.useFakeTimers();
  const limits = new RateLimits({ searches: 1, bids: undefined, requests: undefined });
  await limits.take('searches', 'ann');
  await expect(limits.take('searches', 'ann')).rejects.toBeInstanceOf(RateLimited);
  vi.advanceTimersByTime(59_000);
  await expect(limits.take('searches', 'ann')).rejects.toMatchObject({
    quota: { resetSeconds: 1 },
  });
  vi.advanceTimersByTime(1_001);
  await expect(limits.take('searches', 'ann')).resolves.toMatchObject({ left: 0 });
  vi.useRealTimers();
});
