import { status } from '@grpc/grpc-js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { failWith, hang, startFakeCore } from './fake-core.ts';
import { expectProblem, startGateway } from './gateway.ts';

const bid = { item_id: 'hotel_alpha', bid_amount: 850, agent_did: 'did:example:buyer' };

async function start(timeoutMs = 60_000) {
  const gateway = await startGateway({ timeoutMs });
  onTestFinished(gateway.close);
  return gateway;
}

test('a search is asked again while core is unavailable', async () => {
  const { core, post } = await start();
  const refuse = failWith(status.UNAVAILABLE, 'not now');
  core.search = () => (core.searches.length < 3 ? refuse() : { results: [] });
  const answer = await post('/v1/search', { query: 'a' }, { 'x-request-id': 'order-7' });
  expect(answer.statusCode).toBe(200);
  const ids = core.searches.map(({ metadata }) => metadata.get('x-request-id'));
  expect(ids).toEqual([['order-7'], ['order-7'], ['order-7']]);
});

test('once a core that was away has answered, it answers all', async () => {
  const { core, post } = await start();
  core.close();
  // The longer it is away, the less often each connection tries again.
  for (const until = performance.now() + 3_000; performance.now() < until;) {
    expectProblem(await post('/v1/negotiate', bid), 503);
  }
  const back = await startFakeCore(Number(core.target.split(':')[1]));
  onTestFinished(() => back.close());
  await vi.waitFor(
    async () => expect((await post('/v1/negotiate', bid)).statusCode).toBe(200),
    30_000,
  );
  for (let i = 0; i < 8; i++) expect((await post('/v1/negotiate', bid)).statusCode).toBe(200);
});

test('a search is asked three times and no more', async () => {
  const { core, post } = await start();
  core.search = failWith(status.UNAVAILABLE, 'not now');
  expectProblem(await post('/v1/search', { query: 'a' }), 503);
  expect(core.searches).toHaveLength(3);
});

test.each([status.ABORTED, status.INTERNAL, status.RESOURCE_EXHAUSTED])(
  'a search that fails with code %i is not asked again',
  async (code) => {
    const { core, post } = await start();
    core.search = failWith(code, 'no');
    await post('/v1/search', { query: 'a' });
    expect(core.searches).toHaveLength(1);
  },
);

test('a bid is never repeated', async () => {
  const { core, post } = await start();
  core.negotiate = failWith(status.UNAVAILABLE, 'not now');
  expectProblem(await post('/v1/negotiate', bid), 503);
  expect(core.bids).toHaveLength(1);
});

test('core down → 503 with Retry-After, and 200 when it is back', async () => {
  const { core, post } = await start();
  expect((await post('/v1/negotiate', bid)).statusCode).toBe(200);
  core.close();
  for (const [url, body] of [
    ['/v1/negotiate', bid],
    ['/v1/search', { query: 'a' }],
  ] as const) {
    const answer = await post(url, body);
    expectProblem(answer, 503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toContain('127.0.0.1');
  }
  const back = await startFakeCore(Number(core.target.split(':')[1]));
  onTestFinished(() => back.close());
  await vi.waitFor(
    async () => expect((await post('/v1/negotiate', bid)).statusCode).toBe(200),
    30_000,
  );
});

test('core stopped in mid-call → 503', async () => {
  const { core, post } = await start();
  const { reply, reached } = hang();
  core.negotiate = reply;
  const asked = post('/v1/negotiate', bid);
  await reached;
  core.close();
  expectProblem(await asked, 503);
});

test.each(['/v1/search', '/v1/negotiate'])('%s: deadline → 504, known to core', async (url) => {
  const { core, post } = await start(200);
  const { reply, cancelled } = hang();
  Object.assign(core, { search: reply, negotiate: reply });
  expectProblem(await post(url, url === '/v1/search' ? { query: 'a' } : bid), 504);
  await cancelled;
});

test.each(['/v1/search', '/v1/negotiate'])(
  '%s: when the client goes away, the call to core is cancelled',
  async (url) => {
    const { core, listen, logLines } = await start();
    const { reply, reached, cancelled } = hang();
    Object.assign(core, { search: reply, negotiate: reply });
    const port = await listen();
    const abort = new AbortController();
    const outcome = fetch(`http://127.0.0.1:${port}${url}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'order-7' },
      body: JSON.stringify(url === '/v1/search' ? { query: 'a' } : bid),
      signal: abort.signal,
    }).catch((error: unknown) => error);
    await reached;
    abort.abort();
    await cancelled;
    expect(await outcome).toMatchObject({ name: 'AbortError' });
    const last = { event: 'request_cancelled', level: 'info', request_id: 'order-7', route: url };
    expect(logLines().at(-1)).toMatchObject(last);
  },
);

test('a request that was answered is not told of as cancelled', async () => {
  const { post, logLines } = await start();
  await post('/v1/negotiate', bid);
  expect(logLines().map((line) => line['event'])).not.toContain('request_cancelled');
});
