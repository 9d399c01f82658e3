/** A calm, the surge, and the calm after it. */
import { spreadOf } from '../request/figures.ts';
import type { Load } from '../request/load.ts';
import type { Program } from '../request/program.ts';
import type { Surroundings } from '../request/run.ts';
import { amountFor } from '../request/run.ts';
import type { Stack } from '../request/stack.ts';
import type { Arrival, Summary } from './arrivals.ts';
import { summarize, summarizeBySpan } from './arrivals.ts';
import type { Memory } from './memory.ts';
import { watchMemory } from './memory.ts';
import type { OpenJob } from './open-load.ts';
import { printHeadings, printSpan, printSummary } from './print.ts';

export interface Plan {
  readonly scenario: OpenJob['scenario'];
  /** Times the capacity that arrives in the surge. */
  readonly factor: number;
  readonly seconds: number;
}

/** The share of the capacity that arrives in a calm. */
const CALM = 0.2;
const CALM_S = 10;
/** Aura should be as before the surge within so many milliseconds, in which the first calm span ends. */
const SPAN_MS = 5_000;
/** The capacity is the median of so many runs of so many seconds on so many connections. */
const CAPACITY = { runs: 3, seconds: 3, connections: 32 };

export interface Phases {
  /** Answers a second. */
  readonly capacity: number;
  readonly calm: number;
  readonly before: Summary;
  readonly surge: Summary;
  readonly surgeBySpan: readonly Summary[];
  /** After the surge, in spans of five seconds. */
  readonly after: readonly Summary[];
  readonly memory: readonly Memory[];
}

export async function runPhases(
  surroundings: Surroundings,
  stack: Stack,
  load: Program,
  { scenario, factor, seconds }: Plan,
): Promise<Phases> {
  const { url } = stack;
  const capacity = await measureCapacity(surroundings, stack, scenario);
  const send = (rate: number, forSeconds: number): Promise<Arrival[]> =>
    load.ask({ job: { url, scenario, rate, seconds: forSeconds } satisfies OpenJob });
  console.log(`capacity: ${capacity.toFixed(0)} answers a second`);
  printHeadings();
  const before = summarize(await send(CALM * capacity, CALM_S));
  printSummary('unloaded', before);

  const memory: Memory[] = [];
  const stop = watchMemory(stack, memory);
  const arrivals = await send(factor * capacity, seconds);
  const afterwards = await send(CALM * capacity, CALM_S);
  await stop();
  const surge = summarize(arrivals);
  printSummary(`${factor} × capacity`, surge);
  const surgeBySpan = summarizeBySpan(arrivals, SPAN_MS);
  surgeBySpan.forEach((span, i) => printSpan((i * SPAN_MS) / 1_000, span, memory));
  const after = summarizeBySpan(afterwards, SPAN_MS);
  after.forEach((span, i) => printSummary(`${(i * SPAN_MS) / 1_000} s after it`, span));
  return { capacity, calm: CALM, before, surge, surgeBySpan, after, memory };
}

async function measureCapacity(
  { load }: Surroundings,
  stack: Stack,
  scenario: string,
): Promise<number> {
  const { runs, seconds, connections } = CAPACITY;
  const rates: number[] = [];
  for (let i = 0; i < runs; i++) {
    const requests = await amountFor(load, stack, { scenario, connections }, seconds);
    const job = { url: stack.url, scenario, connections, requests };
    rates.push((await load.ask<Load>({ job })).rate);
  }
  return spreadOf(rates).median;
}
