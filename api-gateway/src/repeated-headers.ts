/** Headers that a request has more than once, of which Node keeps the first or makes one text. */
import type { FastifyRequest } from 'fastify';
import { WrongFields } from './refusal.ts';

/** Headers of which the gateway reads one value, by the names that an error gives them. */
const SINGLE = new Map([
  ['content-type', 'Content-Type'],
  ['content-encoding', 'Content-Encoding'],
  ['idempotency-key', 'Idempotency-Key'],
  ['mcp-protocol-version', 'MCP-Protocol-Version'],
  ['traceparent', 'traceparent'],
  ['x-request-id', 'X-Request-Id'],
]);
/** Proxies add these to what a caller sent; the request is served by ids of its own instead. */
const OF_PROXIES: ReadonlySet<string> = new Set(['traceparent', 'x-request-id']);
/** The same text twice means the same as once, but nobody sends a key twice who means one bid. */
const NEVER_TWICE = 'idempotency-key';

/** @throws WrongFields when two values stand where one is read */
export function refuseRepeatedHeaders({ raw, log }: FastifyRequest): void {
  const seen = new Map<string, string>();
  const wrong = new Set<string>();
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    const name = (raw.rawHeaders[at] ?? '').toLowerCase();
    if (!SINGLE.has(name)) continue;
    const value = raw.rawHeaders[at + 1] ?? '';
    const first = seen.get(name);
    seen.set(name, first ?? value);
    if (first === undefined || (first === value && name !== NEVER_TWICE)) continue;
    if (OF_PROXIES.has(name)) log.info({ header: name }, 'header_repeated');
    else wrong.add(SINGLE.get(name) ?? name);
  }
  if (wrong.size === 0) return;
  throw new WrongFields([...wrong].map((path) => ({ path, message: 'is there twice' })));
}
