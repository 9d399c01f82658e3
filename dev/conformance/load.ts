/**
 * A mixed load: searches, haggles to a deal, refusals, mistakes of callers, a model and a database that fail,
 * over HTTP, MCP and gRPC. No request has a caller's `traceparent`, so that each trace is whole.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { createSigner } from '../agents/sign.ts';
import { callCore } from '../testing/call-core.ts';
import { corePortOf } from '../testing/every-path.ts';
import { mcpCall } from '../testing/mcp-call.ts';
import { runSql } from '../testing/plant.ts';
import type { Stack } from '../testing/stack.ts';

const AGENT = 'did:example:conformance';
const ITEM = 'hotel_alpha';

/** Counts of answers by what they were, such as `POST /v1/search 200`. */
export type Answers = Map<string, number>;

export function createSender({ url }: Stack, answers: Answers = new Map()) {
  async function send(path: string, body?: unknown, headers: Record<string, string> = {}) {
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const name = `${method} ${path.replace(/AURA[^/]+/, ':code')} ${response.status}`;
    answers.set(name, (answers.get(name) ?? 0) + 1);
    return text.startsWith('{') ? JSON.parse(text) : {};
  }
  const bid = (amount: number, more: object = {}, headers: Record<string, string> = {}) =>
    send(
      '/v1/negotiate',
      { item_id: ITEM, bid_amount: amount, agent_did: AGENT, ...more },
      headers,
    );
  const callTool = (tool: string, args: object) => {
    const { body, headers } = mcpCall(tool, args);
    return send('/mcp', body, headers);
  };
  return { url, answers, send, bid, callTool };
}
export type Sender = ReturnType<typeof createSender>;

interface Parts {
  readonly stack: Stack;
  readonly vendor: FastifyInstance;
  readonly dataDir: string;
}

export async function sendMixedLoad({ stack, vendor, dataDir }: Parts): Promise<Answers> {
  const sender = createSender(stack);
  await trade(sender);
  await makeMistakes(sender);
  await sendSigned(sender);
  await useTools(sender);
  const port = await corePortOf(stack);
  await callCore(port, 'Search', { query: 'beach' });
  await callCore(port, 'Negotiate', { itemId: '', bidAmount: -1 });
  await failParts(sender, vendor, dataDir);
  return sender.answers;
}

/** Searches, and haggles until there is a deal; then lets it go again. */
async function trade({ send, bid }: Sender): Promise<void> {
  for (let i = 0; i < 2; i++) await send('/v1/search', { query: 'a room by the sea', limit: 5 });
  let answer = await bid(700);
  for (let round = 0; round < 30 && answer.status === 'countered'; round++) {
    const { session_token, data } = answer;
    answer = await bid(round < 2 ? 720 : data.proposed_price, { session_token });
  }
  const code = `/v1/reservations/${answer.data.reservation_code}`;
  await send(code);
  for (let i = 0; i < 2; i++) await send(`${code}/release`, {});
  await bid(999_999);
  await bid(1, { item_id: 'no_such_item' });
  for (const path of [
    '/.well-known/jwks.json',
    '/openapi.json',
    '/healthz',
    '/readyz',
    '/health',
  ]) {
    await send(path);
  }
}

async function makeMistakes({ send, bid }: Sender): Promise<void> {
  const key = { 'idempotency-key': 'one-key' };
  await Promise.all([bid(700, {}, key), bid(700, {}, key)]);
  await bid(701, {}, key);
  await bid(-1);
  await bid(700, { currency: 'EUR' });
  await send('/nowhere');
  await send('/v1/search');
  await send('/v1/search', 'no json');
  await send('/v1/search', { query: 'x' }, { 'content-type': 'text/plain' });
  await send('/v1/search?q=1', { query: 'x' });
  await send('/v1/reservations/AURA-00000000-00000000-00000000-00000000');
}

/** Signs a bid, and sends a copy of it. */
async function sendSigned({ send, url }: Sender): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const body = JSON.stringify({ item_id: ITEM, bid_amount: 700, agent_did: signer.did });
  const headers = signer.headers({ method: 'POST', url: `${url}/v1/negotiate`, body });
  for (let i = 0; i < 2; i++) await send('/v1/negotiate', body, headers);
}

async function useTools({ send, callTool }: Sender): Promise<void> {
  const { body, headers } = mcpCall('', {});
  for (const method of ['tools/list', 'server/discover', 'nowhere']) {
    await send('/mcp', { ...body, method }, { ...headers, 'mcp-method': method });
  }
  await callTool('search_items', { query: 'a room by the sea' });
  await callTool('negotiate', { item_id: ITEM, bid_amount: 700, agent_did: AGENT });
  await callTool('negotiate', { item_id: ITEM, bid_amount: 'much', agent_did: AGENT });
  await callTool('get_reservation', {
    reservation_code: 'AURA-00000000-00000000-00000000-00000000',
  });
  await callTool('no_such_tool', {});
}

/** The model, the embedder and then the database fail; nothing comes after that. */
async function failParts(
  { send, bid }: Sender,
  vendor: FastifyInstance,
  dataDir: string,
): Promise<void> {
  const set = (fault: string) =>
    vendor.inject({ method: 'PUT', url: '/__fault', payload: { fault, times: 100 } });
  for (const fault of ['500', 'malformed']) {
    await set(fault);
    await bid(700);
    await send('/v1/search', { query: `a quiet room, ${fault}` });
  }
  await runSql(dataDir, 'alter table inventory_items rename to elsewhere');
  await bid(700);
  await send('/v1/search', { query: 'a room by the sea' });
}
