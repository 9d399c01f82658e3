/**
 * Which calls of tools need not go through the package: those whose headers and envelope it has taken
 * before. It checks each message several times over, at the price of a whole bid.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { IncomingHttpHeaders } from 'node:http';
import { MODERN_VERSION, SERVER_INFO } from './protocol.ts';
import type { Message } from './protocol.ts';

/** Envelopes that are remembered; each client has one. When there are more, all are forgotten. */
const MAX_ENVELOPES = 1_000;
/** Characters of an envelope; a longer one is not remembered. */
const MAX_ENVELOPE_LENGTH = 2_048;

const MESSAGE_KEYS = new Set(['jsonrpc', 'id', 'method', 'params']);
const PARAMS_KEYS = new Set(['name', 'arguments', '_meta']);
/** These change from call to call. Each is a text, or else the package has to look at it. */
const PASSING = new Set(['traceparent', 'tracestate', 'baggage', 'progressToken']);

/** The envelopes that the package has taken. */
export class KnownCalls {
  readonly #envelopes = new Set<string>();

  has(envelope: string | undefined): boolean {
    return envelope !== undefined && this.#envelopes.has(envelope);
  }

  add(envelope: string): void {
    if (this.#envelopes.size >= MAX_ENVELOPES) this.#envelopes.clear();
    this.#envelopes.add(envelope);
  }
}

/**
 * Returns all that the package looks at in a call of a tool, but for the arguments, which are the tool's
 * own to check; undefined where a message is no such call or has anything uncommon about it.
 */
export function envelopeOf(message: Message, headers: IncomingHttpHeaders): string | undefined {
  const { method, id, params } = message;
  if (method !== 'tools/call' || !isPlain(params) || !hasOnly(message, MESSAGE_KEYS))
    return undefined;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
  const { name, arguments: args, _meta: meta = {} } = params;
  if (!hasOnly(params, PARAMS_KEYS) || !isPlain(args) || !isPlain(meta)) return undefined;
  const lasting = Object.entries(meta).filter(([key, value]) =>
    PASSING.has(key) ? typeof value !== 'string' : true,
  );
  const envelope = JSON.stringify([
    name,
    headers['mcp-protocol-version'],
    headers['mcp-method'],
    headers['mcp-name'],
    headers.accept,
    lasting,
  ]);
  return envelope.length <= MAX_ENVELOPE_LENGTH ? envelope : undefined;
}

/** Returns the answer to such a call, as the package writes it. */
export function writeResult(
  { id }: Message,
  revision: string | undefined,
  result: CallToolResult,
): string {
  const modern = revision === MODERN_VERSION && {
    resultType: 'complete',
    _meta: { 'io.modelcontextprotocol/serverInfo': SERVER_INFO },
  };
  return JSON.stringify({ result: { ...result, ...modern }, jsonrpc: '2.0', id });
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: object, keys: ReadonlySet<string>): boolean {
  return Object.keys(value).every((key) => keys.has(key));
}
