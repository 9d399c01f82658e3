import type { FastifyRequest } from 'fastify';
import { refusal } from './refusal.ts';

/**
 * Refuses a request of HTTP/1.1 without a Host header, which Node itself would answer with an empty
 * 400.
 * @throws an error with the HTTP status and a code
 */
export function checkHost({ headers, raw }: FastifyRequest): void {
  if (headers.host !== undefined || raw.httpVersion !== '1.1') return;
  throw refusal(400, 'HOST_MISSING', 'HTTP/1.1 requires a Host header.');
}
