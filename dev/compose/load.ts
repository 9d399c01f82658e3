import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Connections that are kept alive, each with one request at a time. */
const CONNECTIONS = 50;
/** Milliseconds after which a request counts as hanging; the gateway's own deadline is shorter. */
const PATIENCE_MS = 10_000;

/** What became of one request: an HTTP status, or the error that came in its place. */
export interface Outcome {
  readonly path: string;
  readonly status: number | string;
  /** The `type` of the problem in any answer but a 200. */
  readonly problem: string | undefined;
  readonly retryAfter: string | undefined;
  readonly traceId: string | undefined;
  /** The time at which the request ended, and how long it took, both in milliseconds. */
  readonly at: number;
  readonly took: number;
}

export interface Load {
  readonly outcomes: readonly Outcome[];
  /** Sends nothing more, and waits for the requests that are under way. */
  stop(): Promise<void>;
}

/** Sends searches and first bids of `agent`, half and half, over 50 kept-alive connections. */
export function startLoad(gateway: string, agent: string): Load {
  const http = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const outcomes: Outcome[] = [];
  const stop = new AbortController();
  const bid = { item_id: 'hostel_beta', bid_amount: 20, agent_did: agent };
  const search = { query: 'cheap place near the beach in Bali' };

  const loop = async (first: number): Promise<void> => {
    for (let i = first; !stop.signal.aborted; i++) {
      const [path, body] = i % 2 ? ['/v1/search', search] : ['/v1/negotiate', bid];
      const outcome = await send(http, `${gateway}${path}`, body);
      outcomes.push(outcome);
      // When nobody is there, the load need not ask a thousand times a second.
      if (typeof outcome.status === 'string') await wait(50);
    }
  };
  const loops = Array.from({ length: CONNECTIONS }, (_, i) => loop(i));
  return {
    outcomes,
    stop: async () => {
      stop.abort();
      await Promise.all(loops);
      http.destroy();
    },
  };
}

function send(agent: Agent, url: string, body: object): Promise<Outcome> {
  const began = Date.now();
  const { pathname: path } = new URL(url);
  return new Promise((resolve) => {
    const end = (
      status: number | string,
      headers: NodeJS.Dict<string | string[]> = {},
      text = '',
    ): void => {
      const problem = /"type":"urn:aura:problem:([^"]+)"/.exec(text)?.[1];
      const at = Date.now();
      const retryAfter = headers['retry-after'] as string | undefined;
      const traceId = headers['x-trace-id'] as string | undefined;
      resolve({ path, status, problem, retryAfter, traceId, at, took: at - began });
    };
    const headers = { 'content-type': 'application/json', 'x-request-id': randomUUID() };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const call = request(url, { agent, method: 'POST', headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => end(response.statusCode ?? 0, response.headers, text));
      response.on('error', (error) => end(codeOf(error)));
    });
    call.on('error', (error) => end(codeOf(error)));
    call.end(JSON.stringify(body));
  });
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}

/** @returns how many there are of each status, e.g. `{ 200: 812, '503 database-unavailable': 44 }` */
export function count(outcomes: readonly Outcome[]): Record<string, number> {
  const byStatus = Map.groupBy(outcomes, ({ status, problem }) =>
    problem === undefined ? String(status) : `${status} ${problem}`,
  );
  return Object.fromEntries([...byStatus].map(([status, each]) => [status, each.length]));
}
