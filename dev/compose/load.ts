import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const CONNECTIONS = 50;
/** Longer than the gateway's own deadline: what takes longer hangs. */
const PATIENCE_MS = 10_000;

/** What became of one request: an HTTP status, or the error that came in its place. */
export interface Outcome {
  readonly path: string;
  readonly status: number | string;
  /** A problem's `type`, of any answer but 200. */
  readonly problem: string | undefined;
  readonly retryAfter: string | undefined;
  readonly traceId: string | undefined;
  /** When it ended, and how long it took, in milliseconds. */
  readonly at: number;
  readonly took: number;
}

export interface Load {
  readonly outcomes: readonly Outcome[];
  /** Ends with the requests that are under way. */
  stop(): Promise<void>;
}

/** Searches and first bids of `agent`, half and half, over 50 kept-alive connections. */
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
      // Nobody is there: no need to ask a thousand times a second.
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

/** How many there are of each status, e.g. `{ 200: 812, '503 database-unavailable': 44 }`. */
export function count(outcomes: readonly Outcome[]): Record<string, number> {
  const byStatus = Map.groupBy(outcomes, ({ status, problem }) =>
    problem === undefined ? String(status) : `${status} ${problem}`,
  );
  return Object.fromEntries([...byStatus].map(([status, each]) => [status, each.length]));
}
