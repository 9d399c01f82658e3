/** What an honest caller has to bear while others trickle their requests. */
import type { Program } from '../request/program.ts';
import type { Stack } from '../request/stack.ts';
import type { Arrival, Summary } from './arrivals.ts';
import { summarize } from './arrivals.ts';
import type { OpenJob } from './open-load.ts';
import { printSummary } from './print.ts';
import type { SlowAnswer, SlowJob } from './slow-sockets.ts';

/** Seconds that the honest caller is measured, alone and then beside the others. */
const SECONDS = 15;

interface Parts {
  readonly stack: Stack;
  /** The honest caller. */
  readonly load: Program;
  readonly slow: Program;
  readonly sockets: number;
  readonly job: Pick<OpenJob, 'scenario' | 'rate'>;
}

export interface SlowFigures {
  readonly alone: Summary;
  readonly beside: Summary;
  readonly sockets: SlowAnswer;
}

export async function measureSlowSockets(parts: Parts): Promise<SlowFigures> {
  const { stack, load, slow, sockets, job } = parts;
  const { url } = stack;
  const honest = { ...job, url, seconds: SECONDS } satisfies OpenJob;
  const alone = summarize(await load.ask<Arrival[]>({ job: honest }));
  printSummary('alone', alone);
  const trickled = slow.ask<SlowAnswer>({
    job: { url, sockets, seconds: SECONDS } satisfies SlowJob,
  });
  const beside = summarize(await load.ask<Arrival[]>({ job: honest }));
  printSummary(`beside ${sockets} slow`, beside);
  const answer = await trickled;
  const { connected, closed, closedMs } = answer;
  const when = closedMs?.map((each) => (each / 1_000).toFixed(1)).join('–') ?? 'no';
  console.log(`  of ${connected} slow sockets ${closed} were closed, after ${when} s`);
  return { alone, beside, sockets: answer };
}
