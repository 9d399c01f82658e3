import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { failWith } from './fake-core.ts';
import { expectProblem, startGateway } from './gateway.ts';

const { app, core, post, logLines, close } = await startGateway();
afterEach(() => core.reset());
afterAll(close);

const secrets = {
  agent_did: 'did:example:secret-buyer',
  session_token: 'sess_given0123456789abcdef',
  answered: 'sess_answered0123456789abcdef',
  reservation: 'reserved-secretly',
  query: 'a secret wish',
};
const bid = {
  item_id: 'hotel_alpha',
  bid_amount: 8_765.43,
  agent_did: secrets.agent_did,
  session_token: secrets.session_token,
};

const headers = { 'x-request-id': 'order-7', 'idempotency-key': 'secret-key' };
const linesOf = (id: string) => logLines().filter((line) => line['request_id'] === id);

test('a request is told in lines that carry its id', async () => {
  await post('/v1/negotiate', bid, headers);
  const lines = linesOf('order-7');
  expect(lines.map((line) => [line['level'], line['event']])).toEqual([
    ['debug', 'request_started'],
    ['info', 'negotiate_request_received'],
    ['info', 'request_completed'],
  ]);
  expect(lines.at(-1)).toMatchObject({
    method: 'POST',
    route: '/v1/negotiate',
    status_code: 200,
    duration_ms: expect.any(Number),
  });
});

test('no line of a request is without its id, and none has a secret or the body', async () => {
  core.negotiate = () => ({
    sessionToken: secrets.answered,
    accepted: { finalPrice: 1, reservationCode: secrets.reservation },
  });
  const fail = failWith(status.INTERNAL, 'broken');
  expect((await post('/v1/negotiate', bid, headers)).body).toContain(secrets.reservation);
  await post('/v1/search', { query: secrets.query });
  await post('/v1/negotiate', { ...bid, bid_amount: 0 }, headers);
  await post('/v1/negotiate', `{"session_token":"${secrets.session_token}`, headers);
  await post('/nowhere', bid);
  await app.inject(`/v1/search?token=${secrets.session_token}`);
  core.negotiate = fail;
  core.search = fail;
  await post('/v1/negotiate', bid, headers);
  await post('/v1/search', { query: secrets.query });

  const lines = logLines();
  for (const line of lines) {
    expect(line).toMatchObject({
      level: expect.stringMatching(/^(debug|info|warn|error)$/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'aura-gateway',
      request_id: expect.stringMatching(/^[\w.:-]+$/),
      event: expect.stringMatching(/^[a-z_]+$/),
    });
  }
  const text = JSON.stringify(lines);
  expect(text).toContain('request_failed');
  for (const secret of [...Object.values(secrets), '8765', 'secret-key']) {
    expect(text).not.toContain(secret);
  }
});

test.each([
  [status.UNAVAILABLE, 503, 'UNAVAILABLE'],
  [status.DEADLINE_EXCEEDED, 504, 'TIMEOUT'],
])('a failure of core (%i) is one warning that says what core said', async (code, http, reason) => {
  core.search = failWith(code, 'the part that failed');
  await post('/v1/search', { query: 'a' }, { 'x-request-id': `failed-${code}` });
  const warnings = linesOf(`failed-${code}`).filter(({ level }) => level === 'warn');
  expect(warnings).toEqual([
    expect.objectContaining({
      event: 'request_failed',
      status_code: http,
      reason,
      grpc_status: status[code],
      grpc_message: expect.stringContaining('the part that failed'),
    }),
  ]);
});

test('a refusal under overload has no line but for debugging', async () => {
  core.search = failWith(status.RESOURCE_EXHAUSTED, 'too many', { reason: 'OVERLOADED' });
  const answer = await post('/v1/search', { query: 'a' }, { 'x-request-id': 'overloaded' });
  expect(expectProblem(answer, 503).type).toBe('urn:aura:problem:overloaded');
  expect(linesOf('overloaded').map(({ level }) => level)).toEqual(['debug', 'debug']);
});

test.each([
  ['GET', '/nowhere', 404],
  ['DELETE', '/v1/search', 405],
] as const)('%s %s, which no route takes, is logged with its path', async (method, url, code) => {
  const id = `unrouted-${code}`;
  await app.inject({ method, url: `${url}?a=b`, headers: { 'x-request-id': id } });
  const line = linesOf(id).find(({ event }) => event === 'request_completed');
  expect(line).toMatchObject({ method, path: url, status_code: code });
  expect(line).not.toHaveProperty('route');
});

test('a path in the log has no secret, and an end', async () => {
  const url = `/nowhere/${secrets.session_token}/${'x'.repeat(2_000)}`;
  await app.inject({ url, headers: { 'x-request-id': 'long-path' } });
  const line = linesOf('long-path').find(({ event }) => event === 'request_completed');
  expect(line?.['path']).toMatch(/^\/nowhere\/REDACTED\/x+$/);
  expect(String(line?.['path']).length).toBe(256);
});

describe('within a trace', () => {
  /** Starts a real SDK, whose spans are exported nowhere. */
  function startSdk(): void {
    const none = async (): Promise<void> => {};
    const nowhere = { onStart: () => {}, onEnd: () => {}, forceFlush: none, shutdown: none };
    const sdk = new NodeSDK({
      spanProcessors: [nowhere],
      metricReaders: [],
      logRecordProcessors: [],
      instrumentations: [],
      autoDetectResources: false,
    });
    sdk.start();
    onTestFinished(() => sdk.shutdown());
  }

  test('header, problem and lines have its id', async () => {
    startSdk();
    await trace.getTracer('test').startActiveSpan('request', async (span) => {
      const { traceId, spanId } = span.spanContext();
      const answer = await post('/v1/search', {}, { 'x-request-id': 'traced' });
      expect(expectProblem(answer, 400).trace_id).toBe(traceId);
      expect(answer.headers['x-trace-id']).toBe(traceId);
      const lines = linesOf('traced');
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toMatchObject({ trace_id: traceId, span_id: spanId });
    });
  });
});

test('without a trace there is no id to show', async () => {
  const answer = await post('/v1/search', {});
  expect(expectProblem(answer, 400)).not.toHaveProperty('trace_id');
  expect(answer.headers).not.toHaveProperty('x-trace-id');
});
