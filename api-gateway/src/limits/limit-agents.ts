/** Keeps to the limits at the routes, and tells callers what they have left. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { requestLimited } from './events.ts';
import { networkOf } from './network-of.ts';
import type { LimitName, LimitsConfig, Quota } from './quota.ts';
import { RateLimited } from './quota.ts';
import type { RateLimits } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The limit of each agent at this route, beside that of all requests. */
    readonly limit?: 'searches' | 'bids';
  }
}

/** Loads what counts where there is something to count. @returns undefined without limits */
export async function createLimits(config?: LimitsConfig): Promise<RateLimits | undefined> {
  if (config === undefined || Object.values(config).every((each) => each === undefined)) return;
  const { RateLimits: Limits } = await import('./rate-limits.ts');
  return new Limits(config);
}

/**
 * Counts requests before anything is done for them by their address, and then by their agent where it has
 * signed.
 */
export function limitAgents(app: App, limits: RateLimits): void {
  if (limits.has('requests')) {
    app.addHook('onRequest', async (request, reply) => {
      if (request.routeOptions.config.signature === undefined) return;
      await count(limits, 'requests', networkOf(request.ip), request, reply);
    });
  }
  if (!limits.has('searches') && !limits.has('bids')) return;
  app.addHook('preValidation', async (request, reply) => {
    const { limit } = request.routeOptions.config;
    if (limit !== undefined) await count(limits, limit, callerOf(request), request, reply);
  });
}

/** Counts a call of a tool, where its tool has a limit. @throws RateLimited when its caller has nothing left */
export async function limitTool(
  limits: RateLimits | undefined,
  name: LimitName | undefined,
  request: FastifyRequest,
): Promise<void> {
  if (limits === undefined || name === undefined) return;
  await count(limits, name, callerOf(request), request);
}

/** Returns by whom a request is counted: the agent that signed it, else its address. */
function callerOf({ agent, ip }: FastifyRequest): string {
  return agent?.did ?? networkOf(ip);
}

/** @param reply is told what the caller has left, where there is one for it alone */
async function count(
  limits: RateLimits,
  name: LimitName,
  caller: string,
  request: FastifyRequest,
  reply?: FastifyReply,
): Promise<void> {
  try {
    const quota = await limits.take(name, caller);
    if (quota && reply) tell(quota, reply);
  } catch (error) {
    if (error instanceof RateLimited) {
      if (reply) tell(error.quota, reply);
      requestLimited(request.log, error.quota);
    }
    throw error;
  }
}

/** The RateLimit fields of draft-ietf-httpapi-ratelimit-headers-11; those of the agent replace those of the address. */
function tell({ name, perMinute, left, resetSeconds }: Quota, reply: FastifyReply): void {
  reply.header('ratelimit-policy', `"${name}";q=${perMinute};w=60`);
  reply.header('ratelimit', `"${name}";r=${left};t=${resetSeconds}`);
}
