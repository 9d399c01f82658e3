import { refusal } from '../refusal.ts';
import { isDeeperThan } from './depth.ts';
import type { Message } from './protocol.ts';

/** Levels of a message; arguments need four, and what reads a deeper one might recurse. */
const MAX_DEPTH = 32;

/**
 * Reads a JSON-RPC message as far as is needed to name its span; the package checks the rest.
 * @throws an error with the HTTP status where this is no message that we take
 */
export function readMessage(body: unknown): Message {
  if (body === undefined) throw refusal(400, 'INVALID_JSON_BODY', 'The body is empty.');
  if (Array.isArray(body)) {
    const detail = 'Batches are not supported; send each message in a request of its own.';
    throw refusal(400, 'BATCH_NOT_SUPPORTED', detail);
  }
  if (isDeeperThan(body, MAX_DEPTH)) {
    throw refusal(400, 'NESTED_TOO_DEEPLY', `The message has more than ${MAX_DEPTH} levels.`);
  }
  const { jsonrpc, method } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') {
    throw refusal(400, 'NOT_JSON_RPC', 'The body is no request or notification of JSON-RPC 2.0.');
  }
  return body as Message;
}
