import cors from '@fastify/cors';
import type { App } from './app-type.ts';

/** The origins of pages that may read answers, or `*` for every page. */
export type CorsOrigins = readonly string[] | '*';

/** Seconds that a browser may remember the answer to a preflight. */
const MAX_AGE_S = 600;

/** Lets pages of these origins call the API from a browser. */
export async function allowOrigins(app: App, origins: CorsOrigins): Promise<void> {
  await app.register(cors, {
    delegator: ({ headers, method }, done) => {
      const isPreflight = headers['access-control-request-method'] !== undefined;
      done(null, {
        origin: origins === '*' ? '*' : [...origins],
        methods: ['GET', 'HEAD', 'POST'],
        allowedHeaders: [
          'content-type',
          'idempotency-key',
          'x-request-id',
          'traceparent',
          'tracestate',
          'baggage',
          'mcp-protocol-version',
          'mcp-method',
          'mcp-name',
          'content-digest',
          'signature',
          'signature-input',
          'signature-agent',
        ],
        exposedHeaders: ['x-trace-id', 'x-request-id', 'retry-after', 'allow', 'accept-signature'],
        maxAge: MAX_AGE_S,
        // An OPTIONS that is no preflight is answered with 405, as without CORS.
        preflight: method === 'OPTIONS' && isPreflight,
        strictPreflight: false,
      });
    },
  });
}
