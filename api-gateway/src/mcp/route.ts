import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission.ts';
import type { App } from '../app-type.ts';
import type { CoreClient } from '../core-client.ts';
import type { CorsOrigins } from '../cors.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { Logger } from '../logger.ts';
import { answerProtocolError } from './protocol-error.ts';

export interface McpConfig {
  /** The host names that `/mcp` answers to beside those of this machine; undefined for any. */
  readonly hosts: readonly string[] | undefined;
}

interface Options extends McpConfig {
  readonly core: CoreClient;
  readonly admission: Admission;
  readonly limits: RateLimits | undefined;
  readonly logger: Logger;
  readonly corsOrigins: CorsOrigins | undefined;
}

/**
 * Serves the Model Context Protocol at `POST /mcp`. Its package is loaded with the first request, so that
 * the start costs nothing.
 */
export function mcpRoute(app: App, options: Options): void {
  let loaded: ReturnType<typeof load> | undefined;
  const load = async () => {
    const [{ createServe }, { checkOrigin }] = await Promise.all([
      import('./serve.ts'),
      import('./guard.ts'),
    ]);
    return { serve: createServe(options), checkOrigin };
  };
  app.post(
    '/mcp',
    {
      config: { signature: 'asked' },
      schema: { hide: true },
      errorHandler: answerProtocolError,
      onRequest: async (request: FastifyRequest) => {
        loaded ??= load();
        (await loaded).checkOrigin(request, options);
      },
    },
    async (request: FastifyRequest, reply: FastifyReply) => {
      loaded ??= load();
      return (await loaded).serve(request, reply);
    },
  );
}
