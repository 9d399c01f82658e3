/**
 * The load, in a process of its own. A job sends so many requests, and none of them is cut off: a caller
 * that goes away would make the services work on cancelling.
 */
import autocannon from 'autocannon';
import { percentile } from './figures.ts';
import { SCENARIOS } from './scenarios.ts';

/** Seconds after which a request without an answer counts as an error. */
const TIMEOUT_S = 30;

export interface Job {
  /** With several of them each connection stays with one, in turn. */
  readonly url: string | readonly string[];
  readonly scenario: string;
  readonly connections: number;
  readonly requests: number;
}

export interface Load {
  /** Answers a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers with another status than 200, errors, and answers of another kind than was asked for. */
  readonly wrong: number;
}

function load({ url, scenario, connections, requests: amount }: Job): Promise<Load> {
  let wrong = 0;
  const times: number[] = [];
  const requests = SCENARIOS[scenario]?.requests(() => wrong++) ?? [];
  const began = performance.now();
  let last = began;
  return new Promise((resolve, reject) => {
    // Its types know one address only.
    const options = { url: url as string, connections, amount, requests, timeout: TIMEOUT_S };
    const running = autocannon(options, (error, { errors }) => {
      if (error instanceof Error) return reject(error);
      times.sort((a, b) => a - b);
      const rate = (times.length / (last - began)) * 1_000;
      const [p50 = 0, p99 = 0] = [0.5, 0.99].map((share) => percentile(times, share));
      resolve({ rate, p50, p99, wrong: wrong + errors });
    });
    running.on('response', (_client, status, _bytes, ms) => {
      last = performance.now();
      times.push(ms);
      if (status !== 200) wrong++;
    });
  });
}

process.on('message', ({ job }: { readonly job?: Job }) => {
  if (!job) return;
  void load(job).then((answer) => process.send?.({ answer }));
});
// Without it nothing would keep the process alive between two jobs.
process.channel?.ref();
process.send?.({ event: 'server_started' });
