import type { FastifyReply } from 'fastify';

/**
 * Aborts when the client goes away before its answer was sent. Fastify's `request.signal` also
 * aborts once the body was read, because Node closes the request then.
 */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  reply.raw.once('close', () => {
    if (reply.raw.writableEnded) return;
    // Fastify runs no onResponse hook then.
    reply.log.info({ route: reply.routeOptions.url }, 'request_cancelled');
    abort.abort();
  });
  return abort.signal;
}
