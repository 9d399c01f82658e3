/** What became of requests that were sent at their due time, whoever was still waiting. */
import { percentile } from '../request/figures.ts';

export interface Arrival {
  /** Milliseconds since the first one was due. */
  readonly dueMs: number;
  /** Milliseconds by which it was sent late, because the load itself was busy. */
  readonly lateMs: number;
  /** Milliseconds from its due time to the end of its answer. */
  readonly tookMs: number;
  /** An HTTP status, or the error that came in its place. */
  readonly status: number | string;
  /** The kind of problem; undefined with a 200. */
  readonly problem?: string | undefined;
  readonly retryAfter?: string | undefined;
}

interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Summary {
  /** Answered with 200. */
  readonly admitted: Times;
  /** Answered with 503 or 429. */
  readonly refused: Times;
  /** The others, by what came in place of an answer. */
  readonly failed: Readonly<Record<string, number>>;
  /** Refusals by status and kind. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Refusals by the value of their Retry-After. */
  readonly retryAfter: Readonly<Record<string, number>>;
  /** 99th percentile of the lateness of the load itself. */
  readonly lateP99: number;
}

const REFUSALS = new Set<number | string>([429, 503]);

export function summarize(arrivals: readonly Arrival[]): Summary {
  const admitted = arrivals.filter(({ status }) => status === 200);
  const refused = arrivals.filter(({ status }) => REFUSALS.has(status));
  const failed = arrivals.filter(({ status }) => status !== 200 && !REFUSALS.has(status));
  return {
    admitted: timesOf(admitted),
    refused: timesOf(refused),
    failed: countBy(failed, ({ status, problem }) => [status, problem].join(' ').trim()),
    refusals: countBy(refused, ({ status, problem }) => [status, problem].join(' ').trim()),
    retryAfter: countBy(refused, ({ retryAfter = 'none' }) => retryAfter),
    lateP99: percentile(ascending(arrivals.map(({ lateMs }) => lateMs)), 0.99),
  };
}

/** @returns what was due in each span of so many milliseconds */
export function summarizeBySpan(arrivals: readonly Arrival[], spanMs: number): Summary[] {
  const spans: Arrival[][] = [];
  for (const each of arrivals) (spans[Math.floor(each.dueMs / spanMs)] ??= []).push(each);
  return Array.from(spans, (span) => summarize(span ?? []));
}

function timesOf(arrivals: readonly Arrival[]): Times {
  const times = ascending(arrivals.map(({ tookMs }) => tookMs));
  return { count: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function countBy(
  arrivals: readonly Arrival[],
  nameOf: (arrival: Arrival) => string,
): Record<string, number> {
  const groups = Object.groupBy(arrivals, nameOf);
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [name, group?.length ?? 0]),
  );
}
