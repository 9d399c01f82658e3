import { describe, expect, test, vi } from 'vitest';
import { asDomainError } from '../errors.ts';
import type { Call } from '../request-scope.ts';
import { requestScope } from '../request-scope.ts';
import { ConnectionQueue } from './connection-queue.ts';

const isWell = () => Promise.resolve();
const inMs = (ms: number): Call => ({
  requestId: 'r',
  signal: new AbortController().signal,
  deadlineAt: Date.now() + ms,
});
const patient = (): Call => inMs(60_000);
const outcome = async (taken: Promise<unknown>): Promise<string | undefined> =>
  taken.then(
    () => 'served',
    (error: unknown) => asDomainError(error)?.reason,
  );

test('who waits is served in turn', async () => {
  const queue = new ConnectionQueue(2, isWell);
  const [first] = await Promise.all([queue.take(patient()), queue.take(patient())]);
  const order: string[] = [];
  const waiting = ['a', 'b'].map((name) => queue.take(patient()).then(() => order.push(name)));
  await vi.waitFor(() => expect(queue.length).toBe(2), 30_000);
  first(false);
  await waiting[0];
  expect(order).toEqual(['a']);
  expect(queue.length).toBe(1);
});

test('what was begun goes on before more is begun, and work of nobody comes last', async () => {
  const queue = new ConnectionQueue(1, isWell);
  const [begun, fresh] = [patient(), patient()];
  (await queue.take(begun))(false);
  const giveBack = await queue.take(patient());
  const order: string[] = [];
  const served = [
    ['nobody', undefined],
    ['fresh', fresh],
    ['begun', begun],
  ] as const;
  const all = served.map(async ([name, call]) => {
    const done = await queue.take(call);
    order.push(name);
    done(false);
  });
  giveBack(false);
  await Promise.all(all);
  expect(order).toEqual(['begun', 'fresh', 'nobody']);
});

test('a caller who leaves frees its place', async () => {
  const queue = new ConnectionQueue(1, isWell);
  await queue.take(patient());
  const leaving = new AbortController();
  const left = outcome(queue.take({ ...patient(), signal: leaving.signal }));
  await vi.waitFor(() => expect(queue.length).toBe(1), 30_000);
  leaving.abort();
  expect(await left).toBe('CANCELLED');
  expect(queue.length).toBe(0);
});

describe('is OVERLOADED', () => {
  test('at the end of the deadline, while it can still be told', async () => {
    const queue = new ConnectionQueue(1, isWell);
    await queue.take(patient());
    expect(await outcome(queue.take(inMs(300)))).toBe('OVERLOADED');
    expect(queue.length).toBe(0);
  });

  test('when a hundred wait for each connection; but not for what was begun', async () => {
    const queue = new ConnectionQueue(2, isWell);
    const begun = patient();
    (await queue.take(begun))(false);
    const [giveBack] = await Promise.all([queue.take(patient()), queue.take(patient())]);
    const waiting = Array.from({ length: 200 }, () => outcome(queue.take(patient())));
    expect(await outcome(queue.take(patient()))).toBe('OVERLOADED');
    const first = outcome(queue.take(begun));
    giveBack(false);
    expect(await first).toBe('served');
    expect(waiting).toHaveLength(200);
  });

  test('when the wait would be longer than the deadline, and says how long it would be', async () => {
    vi.useFakeTimers();
    const queue = new ConnectionQueue(1, isWell);
    for (let i = 0; i < 60; i++) {
      const giveBack = await queue.take(patient());
      vi.advanceTimersByTime(1_000);
      giveBack(false);
    }
    await queue.take(patient());
    for (let i = 0; i < 4; i++) void outcome(queue.take(patient()));
    const refused = queue.take(inMs(3_000));
    await expect(refused).rejects.toMatchObject({ reason: 'OVERLOADED', retryAfterSeconds: 5 });
    vi.useRealTimers();
  });
});

test('a database without a sign of life is told to all who wait', async () => {
  const queue = new ConnectionQueue(1, () => Promise.reject(new Error('Query read timeout')));
  await queue.take(patient());
  const waiting = [patient(), patient(), undefined].map((call) => outcome(queue.take(call)));
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => 'DATABASE_UNAVAILABLE'));
});

test('looks at the database for nobody in particular', async () => {
  const calls: unknown[] = [];
  const queue = new ConnectionQueue(1, async () => void calls.push(requestScope.getStore()));
  await queue.take(patient());
  const call = patient();
  void requestScope.run(call, () => outcome(queue.take(call)));
  await vi.waitFor(() => expect(calls).not.toEqual([]), 30_000);
  expect(new Set(calls)).toEqual(new Set([undefined]));
});

test('who waits for a new connection waits until the database is gone, or its deadline comes', async () => {
  let isGone = false;
  const probe = vi.fn<() => Promise<unknown>>(() =>
    isGone ? Promise.reject(new Error('Query read timeout')) : Promise.resolve(),
  );
  const queue = new ConnectionQueue(2, probe);
  const never = (): Promise<never> => new Promise(() => undefined);
  const waiting = outcome(queue.connect(patient(), never()));
  expect(await outcome(queue.connect(inMs(300), never()))).toBe('OVERLOADED');
  await vi.waitFor(() => expect(probe.mock.calls.length).toBeGreaterThan(2), 30_000);
  isGone = true;
  expect(await waiting).toBe('DATABASE_UNAVAILABLE');
});

test('a probe that comes too late is no fault while others have answers', async () => {
  let fail: (error: Error) => void = () => undefined;
  const probe = vi.fn<() => Promise<unknown>>(() => new Promise((_, reject) => (fail = reject)));
  const queue = new ConnectionQueue(2, probe);
  const [first] = await Promise.all([queue.take(patient()), queue.take(patient())]);
  const [served, waits] = [outcome(queue.take(patient())), outcome(queue.take(patient()))];
  await vi.waitFor(() => expect(probe).toHaveBeenCalledTimes(1), 30_000);
  first(false);
  expect(await served).toBe('served');
  fail(new Error('late'));
  // The next probe finds the same caller waiting.
  await vi.waitFor(() => expect(probe).toHaveBeenCalledTimes(2), 30_000);
  expect(queue.length).toBe(1);
  fail(new Error('late again'));
  expect(await waits).toBe('DATABASE_UNAVAILABLE');
});
