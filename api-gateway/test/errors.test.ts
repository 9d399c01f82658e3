import { Metadata, status } from '@grpc/grpc-js';
import { STATUS_DETAILS_TRAILER } from '@aura/proto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { failWith } from './fake-core.ts';
import { expectFields, expectProblem, startGateway } from './gateway.ts';

const { core, post, logLines, close } = await startGateway();
afterEach(() => core.reset());
afterAll(close);

const bid = { item_id: 'hotel_alpha', bid_amount: 850, agent_did: 'did:example:buyer' };
const ask = () => post('/v1/negotiate', bid);

describe('gRPC status → HTTP status', () => {
  const table: Record<keyof typeof status, number> = {
    OK: 500, // not an answer, but no success either
    CANCELLED: 503,
    UNKNOWN: 500,
    INVALID_ARGUMENT: 400,
    DEADLINE_EXCEEDED: 504,
    NOT_FOUND: 404,
    ALREADY_EXISTS: 409,
    PERMISSION_DENIED: 500,
    RESOURCE_EXHAUSTED: 429,
    FAILED_PRECONDITION: 409,
    ABORTED: 409,
    OUT_OF_RANGE: 500,
    UNIMPLEMENTED: 500,
    INTERNAL: 500,
    UNAVAILABLE: 503,
    DATA_LOSS: 500,
    UNAUTHENTICATED: 500,
  };
  const opaque = new Set([500, 503, 504]);

  test.each(Object.entries(table))('%s → %i', async (name, expected) => {
    const words = 'words of core';
    core.negotiate = failWith(status[name as keyof typeof status], words);
    const answer = await ask();
    const problem = expectProblem(answer, expected);
    expect(problem.instance).toBe('/v1/negotiate');
    expect(answer.body.includes(words)).toBe(!opaque.has(expected));
    expect(answer.headers['retry-after']).toBe(expected === 503 ? '1' : undefined);
  });

  test('a code that gRPC does not know → 500', async () => {
    core.negotiate = failWith(42, 'words of core');
    expect(expectProblem(await ask(), 500).detail).not.toContain('words');
  });
});

test('what is behind a 500 is logged, once', async () => {
  core.negotiate = failWith(status.INTERNAL, 'words of core');
  const { headers } = await ask();
  const lines = logLines().filter((line) => line['request_id'] === headers['x-request-id']);
  const failures = lines.filter((line) => line['event'] === 'request_failed');
  expect(failures).toMatchObject([{ level: 'error', err: { details: 'words of core' } }]);
});

test.each([
  [status.FAILED_PRECONDITION, 'IDEMPOTENCY_KEY_REUSED', 422, 'idempotency-key-reused'],
  [status.INVALID_ARGUMENT, 'IDEMPOTENCY_KEY_REUSED', 422, 'idempotency-key-reused'],
  [status.FAILED_PRECONDITION, 'REINDEX_REQUIRED', 409, 'reindex-required'],
  [status.ABORTED, 'REQUEST_IN_PROGRESS', 409, 'request-in-progress'],
  [status.UNAVAILABLE, 'DATABASE_UNAVAILABLE', 503, 'database-unavailable'],
  [status.RESOURCE_EXHAUSTED, 'OVERLOADED', 503, 'overloaded'],
  [status.RESOURCE_EXHAUSTED, 'SPENT', 429, 'spent'],
  [status.DEADLINE_EXCEEDED, 'DATABASE_SLOW', 504, 'database-slow'],
])('code %i of reason %s → %i %s', async (code, reason, expected, type) => {
  core.negotiate = failWith(code, 'words of core', { reason });
  expect(expectProblem(await ask(), expected).type).toBe(`urn:aura:problem:${type}`);
});

test('a core that is overloaded says when to come back', async () => {
  const overloaded = { reason: 'OVERLOADED', retryAfterSeconds: 7 };
  core.negotiate = failWith(status.RESOURCE_EXHAUSTED, 'words of core', overloaded);
  const answer = await ask();
  expect(expectProblem(answer, 503).detail).toMatch(/^More requests arrive than can be answered/);
  expect(answer.headers['retry-after']).toBe('7');
});

test('an agent that has too many sessions open is told when the first one ends', async () => {
  const full = { reason: 'TOO_MANY_OPEN_SESSIONS', retryAfterSeconds: 412 };
  core.negotiate = failWith(status.FAILED_PRECONDITION, 'words of core', full);
  const answer = await ask();
  expect(expectProblem(answer, 429)).toMatchObject({
    type: 'urn:aura:problem:too-many-open-sessions',
    detail: 'words of core',
  });
  expect(answer.headers['retry-after']).toBe('412');
});

describe('fields that core refuses have their HTTP names', () => {
  test.each([
    ['currency_code', 'currency'],
    ['agent.did', 'agent_did'],
    ['request_id', 'Idempotency-Key'],
    ['bid_amount', 'bid_amount'],
    ['session_token', 'session_token'],
  ])('%s → %s', async (field, path) => {
    const violations = [{ field, description: 'must be another' }];
    core.negotiate = failWith(status.INVALID_ARGUMENT, `${field} must be another`, { violations });
    const answer = await ask();
    expectFields(answer, [path]);
    expect(answer.json()).toMatchObject({ errors: [{ path, message: 'must be another' }] });
    expect(answer.json().detail).toBe(`Invalid: ${path}.`);
  });

  test('all of them', async () => {
    const violations = ['query', 'limit'].map((field) => ({ field, description: 'is bad' }));
    core.search = failWith(status.INVALID_ARGUMENT, 'bad', { reason: 'BAD', violations });
    expectFields(await post('/v1/search', { query: 'a' }), ['limit', 'query']);
  });
});

test('details that cannot be read leave the status as it is', async () => {
  core.negotiate = () => {
    const metadata = new Metadata();
    metadata.set(STATUS_DETAILS_TRAILER, Buffer.from([255, 255, 1, 2, 3]));
    throw Object.assign(new Error('gone'), { code: status.NOT_FOUND, details: 'gone', metadata });
  };
  expect(expectProblem(await ask(), 404).detail).toBe('gone');
});

test('an answer that is no JSON is an opaque 500', async () => {
  core.search = () => ({ results: [{ itemId: 'a', basePrice: NaN }] });
  const { detail } = expectProblem(await post('/v1/search', { query: 'a' }), 500);
  expect(detail).not.toContain('NaN');
});
