/** Paths whose `%` begin no character, such as `/v1/reservations/%E0%A4%A`. */
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { refusal } from './refusal.ts';

/**
 * Fastify answers a path that it cannot decode before any hook runs, so without the headers of CORS
 * and without a line in the log. It gets one with each `%` written out instead, for `refuseBadUrl` to
 * refuse in its turn.
 */
export function makeDecodable({ url = '/' }: IncomingMessage): string {
  const [path = ''] = url.split(/[?#]/, 1);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll('%', '%25') + url.slice(path.length);
  }
}

/** @throws an error with the HTTP status where the path came otherwise */
export function refuseBadUrl({ url, originalUrl }: FastifyRequest): void {
  if (url === originalUrl) return;
  const detail = 'The path has a % that begins no character in UTF-8; a % itself is written %25.';
  throw refusal(400, 'BAD_URL', detail);
}
