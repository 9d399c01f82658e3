import type { FastifyReply } from 'fastify';

/** What nginx calls a request whose client went away before the answer; nobody gets to see it. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Aborts when the client goes away before its answer was sent. Fastify's `request.signal` also
 * aborts once the body was read, because Node closes the request then.
 */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  // Before the instrumentation's own listener, which would report the 200 that was never sent.
  reply.raw.prependOnceListener('close', () => {
    if (reply.raw.writableEnded) return;
    reply.raw.statusCode = CLIENT_CLOSED_REQUEST;
    // Fastify runs no onResponse hook then.
    reply.log.info({ route: reply.routeOptions.url }, 'request_cancelled');
    abort.abort();
  });
  return abort.signal;
}
