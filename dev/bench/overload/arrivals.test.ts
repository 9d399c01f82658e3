import { expect, test } from 'vitest';
import type { Arrival } from './arrivals.ts';
import { summarize, summarizeBySpan } from './arrivals.ts';

const answered = (dueMs: number, tookMs: number): Arrival => ({
  dueMs,
  tookMs,
  lateMs: 1,
  status: 200,
});
const refused: Arrival = {
  dueMs: 10,
  tookMs: 3,
  lateMs: 0,
  status: 503,
  problem: 'overloaded',
  retryAfter: '2',
};

test('what was admitted, refused and lost is told apart', () => {
  const lost = { dueMs: 20, tookMs: 9, lateMs: 0, status: 'ECONNRESET' };
  expect(summarize([answered(0, 10), answered(1, 30), refused, lost])).toEqual({
    admitted: { count: 2, p50: 10, p99: 30 },
    refused: { count: 1, p50: 3, p99: 3 },
    failed: { ECONNRESET: 1 },
    refusals: { '503 overloaded': 1 },
    retryAfter: { 2: 1 },
    lateP99: 1,
  });
});

test('another problem than a refusal is a failure', () => {
  const broken = { ...refused, status: 500, problem: 'about:blank' };
  const { failed, refused: none } = summarize([broken]);
  expect(failed).toEqual({ '500 about:blank': 1 });
  expect(none.count).toBe(0);
});

test('a refusal without Retry-After is seen', () => {
  const { retryAfter: _, ...silent } = refused;
  expect(summarize([refused, silent]).retryAfter).toEqual({ 2: 1, none: 1 });
});

test('a span has what was due in it, whenever it was answered', () => {
  const spans = summarizeBySpan([answered(999, 5_000), answered(2_000, 1)], 1_000);
  expect(spans.map(({ admitted }) => admitted.count)).toEqual([1, 0, 1]);
});
