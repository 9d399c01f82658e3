/** This client speaks to Aura over HTTP with nothing but fetch; copy it, with sign.ts where it signs. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Signer } from './sign.ts';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly score: number;
  readonly details: string;
}

export type Answer = { readonly session_token: string; readonly valid_until: number } & (
  | {
      status: 'accepted';
      data: { final_price: number; reservation_code: string; receipt?: string };
    }
  | { status: 'countered'; data: { proposed_price: number; message: string; reason_code: string } }
  | { status: 'rejected'; data: { reason_code: string } }
  | { status: 'ui_required'; action_required: { template: string; context: { reason?: string } } }
);

export interface Bid {
  readonly item_id: string;
  readonly bid_amount: number;
  readonly agent_did: string;
  readonly session_token?: string;
}

export interface Client {
  search(query: string, limit?: number): Promise<Answered<{ readonly results: readonly Item[] }>>;
  negotiate(bid: Bid): Promise<Answered<Answer>>;
}

export interface Answered<Body> {
  readonly body: Body;
  readonly traceId: string;
}

/** The body of an answer that is no success, as RFC 9457 has it. */
interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** How often a request is sent while the gateway says when to come back; then the client gives up. */
const TRIES = 4;

/**
 * @param signer signs each request, where there is one
 * @throws Error that says in a line what was wrong, as the gateway put it
 */
export function createClient(gateway: string, signer?: Signer): Client {
  async function post(path: string, message: object): Promise<Answered<unknown>> {
    const [method, url, body] = ['POST', `${gateway}${path}`, JSON.stringify(message)];
    // Each try has the same key, so that a bid counts once; and a signature of its own.
    const key = { 'idempotency-key': randomUUID() };
    const more = { 'content-type': 'application/json', ...(path.endsWith('negotiate') && key) };
    for (let tries = 1; ; tries++) {
      const headers = { ...more, ...signer?.headers({ method, url, body, more }) };
      const response = await fetch(url, { method, headers, body });
      const traceId = response.headers.get('x-trace-id') ?? '';
      if (response.ok) return { body: await response.json(), traceId };
      const problem = (await response.json().catch(() => ({}))) as Problem;
      const retryAfter = Number(response.headers.get('retry-after'));
      if (!(retryAfter > 0) || tries === TRIES) throw new Error(explain(response.status, problem));
      await wait(retryAfter * 1_000);
    }
  }
  return {
    search: (query, limit = 5) =>
      post('/v1/search', { query, limit }) as Promise<Answered<{ results: readonly Item[] }>>,
    negotiate: (bid) => post('/v1/negotiate', bid) as Promise<Answered<Answer>>,
  };
}

function explain(status: number, { detail = 'no reason given', errors = [] }: Problem): string {
  const fields = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return `${status}: ${detail}${fields && ` ${fields}`}`;
}
