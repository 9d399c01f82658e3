/** What the bench asks of Aura, as requests for autocannon. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type autocannon from 'autocannon';
import { createSigner } from '../../agents/sign.ts';
import { mcpCall } from '../../testing/mcp-call.ts';
import queries from '../search/queries.json' with { type: 'json' };

export const QUERIES: readonly string[] = queries.map(({ query }) => query);
/** The item that is haggled for: 1,000.00 USD, of which there is no end. */
export const ITEM = 'hotel_alpha';
/** Bids of a haggle before the buyer takes the price that was proposed last. */
export const LOW_BIDS: readonly number[] = [600, 620, 640];
export const AGENT = 'did:example:bench';
/** The gateway takes the name that a request came by for its own. */
const HOST = 'aura.example';

export interface Scenario {
  readonly says: string;
  /** @param wrong counts an answer that is not what was asked for */
  requests(wrong: () => void): autocannon.Request[];
}

/** One haggle, as far as it has come; autocannon keeps it for each connection. */
interface Haggle {
  token?: string;
  ask?: number;
}

interface Answer {
  readonly session_token: string;
  readonly status: string;
  readonly data?: { readonly proposed_price?: number };
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  bid: {
    says: 'first bids',
    requests: () => [post('/v1/negotiate', bidOf(LOW_BIDS[0]))],
  },
  newcomers: {
    says: 'first bids, each of an agent of its own',
    requests: () => {
      const setupRequest = (request: autocannon.Request): autocannon.Request => {
        const agent_did = `did:example:${randomUUID()}`;
        return { ...request, body: JSON.stringify({ ...bidOf(LOW_BIDS[0]), agent_did }) };
      };
      return [{ ...post('/v1/negotiate', {}), setupRequest }];
    },
  },
  mcp: {
    says: 'first bids over MCP',
    requests: (wrong) => {
      const { headers, body } = mcpCall('negotiate', bidOf(LOW_BIDS[0]));
      const request = post('/mcp', body);
      const onResponse = (_code: number, text: string): void => {
        // A tool error is a 200 too.
        if (!text.includes('"status":"countered"')) wrong();
      };
      return [{ ...request, headers: { ...request.headers, ...headers }, onResponse }];
    },
  },
  haggle: {
    says: `haggles of ${LOW_BIDS.length + 1} bids to a deal`,
    requests: (wrong) => [
      ...LOW_BIDS.map((amount) => nextBid(() => amount, 'countered', wrong)),
      nextBid(({ ask }) => ask, 'accepted', wrong),
    ],
  },
  keyed: {
    says: 'first bids with an idempotency key',
    requests: () => [
      {
        ...post('/v1/negotiate', bidOf(LOW_BIDS[0])),
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, 'idempotency-key': randomUUID() },
        }),
      },
    ],
  },
  signed: {
    says: 'first bids that the agent signed',
    requests: () => [signedBids()],
  },
  search: {
    says: `searches, ${QUERIES.length} queries in turn`,
    requests: () => {
      let turn = 0;
      const bodies = QUERIES.map((query) => JSON.stringify({ query }));
      const setupRequest = (request: autocannon.Request): autocannon.Request => ({
        ...request,
        body: bodies[turn++ % bodies.length],
      });
      return [{ ...post('/v1/search', {}), setupRequest }];
    },
  },
};

export function bidOf(amount: number | undefined): object {
  return { item_id: ITEM, bid_amount: amount, agent_did: AGENT };
}

/** Makes scenarios of bids that are signed with a new key, each one anew. */
function signedBids(): autocannon.Request {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const body = JSON.stringify({ ...bidOf(LOW_BIDS[0]), agent_did: signer.did });
  const url = `http://${HOST}/v1/negotiate`;
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const fields = signer.headers({ method: 'POST', url, body });
    return { ...request, body, headers: { ...request.headers, host: HOST, ...fields } };
  };
  return { ...post('/v1/negotiate', {}), setupRequest };
}

function nextBid(
  amountOf: (haggle: Haggle) => number | undefined,
  status: string,
  wrong: () => void,
): autocannon.Request {
  return {
    ...post('/v1/negotiate', {}),
    setupRequest: (request, context) => {
      const haggle = context as Haggle;
      const body = { ...bidOf(amountOf(haggle)), session_token: haggle.token };
      return { ...request, body: JSON.stringify(body) };
    },
    onResponse: (_code, body, context) => {
      const answer = JSON.parse(body) as Answer;
      if (answer.status !== status) wrong();
      const { session_token: token, data } = answer;
      Object.assign(context, { token, ask: data?.proposed_price });
    },
  };
}

function post(path: string, body: object): autocannon.Request {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}
