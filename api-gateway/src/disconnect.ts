import type { FastifyReply } from 'fastify';

/** nginx's status for a request whose client went away; only logs and spans get to see it. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Returns a signal that aborts when the client goes away before its answer was sent. Fastify's
 * `request.signal` will not do: it also aborts once the body was read, because Node closes the
 * request then.
 */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  // This listener runs before the instrumentation's, which would report a 200 that was never sent.
  reply.raw.prependOnceListener('close', () => {
    if (reply.raw.writableEnded) return;
    reply.raw.statusCode = CLIENT_CLOSED_REQUEST;
    // Fastify runs no onResponse hook for such a request, so this is its last line.
    reply.log.info({ route: reply.routeOptions.url }, 'request_cancelled');
    abort.abort();
  });
  return abort.signal;
}
