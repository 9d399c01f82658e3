/**
 * An open load, in a process of its own: requests arrive at random as those of many independent callers
 * do (a Poisson process), and none waits for the answer to another.
 */
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { bidOf, LOW_BIDS, QUERIES } from '../request/scenarios.ts';
import type { Arrival } from './arrivals.ts';

export interface OpenJob {
  readonly url: string;
  readonly scenario: 'bid' | 'search';
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** More requests than this do not wait for an answer at a time; the next ones are lost, and counted. */
const MAX_OPEN = 4_000;
/** Milliseconds after which a request without an answer is given up. */
const PATIENCE_MS = 15_000;
/** So many agents bid in turn. */
const AGENTS = 100;

async function openLoad({ url, scenario, rate, seconds }: OpenJob): Promise<Arrival[]> {
  // Connections are opened as they are needed, and kept.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: MAX_OPEN });
  const answers: Promise<Arrival>[] = [];
  let open = 0;
  const began = performance.now();
  for (let dueMs = gap(rate); dueMs < seconds * 1_000; dueMs += gap(rate)) {
    while (performance.now() - began < dueMs) await wait(1);
    const arrival = { dueMs, lateMs: performance.now() - began - dueMs };
    if (open >= MAX_OPEN) {
      answers.push(Promise.resolve({ ...arrival, tookMs: 0, status: 'not sent' }));
      continue;
    }
    open++;
    const answer = post(agent, url, scenario, answers.length).then((outcome) => {
      open--;
      return { ...arrival, ...outcome, tookMs: performance.now() - began - dueMs };
    });
    answers.push(answer);
  }
  const arrivals = await Promise.all(answers);
  agent.destroy();
  return arrivals;
}

/** @returns milliseconds to the next arrival */
function gap(rate: number): number {
  return (-Math.log(1 - Math.random()) / rate) * 1_000;
}

type Outcome = Pick<Arrival, 'status' | 'problem' | 'retryAfter'>;

function post(
  agent: Agent,
  url: string,
  scenario: OpenJob['scenario'],
  turn: number,
): Promise<Outcome> {
  const body =
    scenario === 'search'
      ? { query: QUERIES[turn % QUERIES.length] }
      : { ...bidOf(LOW_BIDS[0]), agent_did: `did:example:bench-${turn % AGENTS}` };
  const path = scenario === 'search' ? '/v1/search' : '/v1/negotiate';
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      resolve({ status: error.code ?? error.name });
    const sent = request(`${url}${path}`, { method: 'POST', agent, headers });
    const giveUp = (): void =>
      void sent.destroy(Object.assign(new Error('no answer'), { code: 'no answer' }));
    sent
      .setTimeout(PATIENCE_MS, giveUp)
      .once('response', (response) => void outcomeOf(response).then(resolve, fail))
      .once('error', fail)
      .end(JSON.stringify(body));
  });
}

async function outcomeOf(response: IncomingMessage): Promise<Outcome> {
  const { statusCode: status = 0, headers } = response;
  const body = await text(response);
  if (status === 200) return { status };
  // A URN, of which the last part is the kind of problem.
  const { type } = JSON.parse(body) as { readonly type?: string };
  return { status, problem: type?.split(':').at(-1), retryAfter: headers['retry-after'] };
}

process.on('message', ({ job }: { readonly job?: OpenJob }) => {
  if (!job) return;
  void openLoad(job).then((answer) => process.send?.({ answer }));
});
// Without it nothing would keep the process alive between two jobs.
process.channel?.ref();
process.send?.({ event: 'server_started' });
