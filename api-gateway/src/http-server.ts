import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { traceRequests } from './spans/http-span.ts';

/**
 * Creates the server below Fastify, which runs its listener within a span of each request.
 *
 * @param requestTimeoutMs milliseconds a request may take to arrive; a later one is cut with 408
 */
export function createHttpServer(listener: RequestListener, requestTimeoutMs: number): Server {
  const options = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(5_000, requestTimeoutMs),
    keepAliveTimeout: 72_000,
    // Node looks for late requests only every half minute by default.
    connectionsCheckingInterval: 1_000,
    requireHostHeader: false,
  };
  return createServer(options, traceRequests(listener)).setTimeout(requestTimeoutMs * 4);
}
