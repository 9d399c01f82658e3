import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ModelLimits } from '../config.ts';
import type { Cap } from './chat-model.ts';
import { CappedError } from './chat-model.ts';

const MINUTE_S = 60;
const DAY_S = 86_400;
/** Tokens that a call is taken to cost when its answer did not say. */
const UNKNOWN_COST = 500;
/** The key under which all agents together are counted. */
const EVERYBODY = 'everybody';

/**
 * Keeps what the model may cost. A window that is used up refuses calls until it ends; calls that
 * were let in before may go beyond it by what they cost, and the concurrency bounds how many those
 * are. The counts are this process's own: so many replicas, so many times the limit.
 */
export function createSpend(limits: ModelLimits) {
  const windows = [
    {
      cap: 'agent_minute',
      everybody: false,
      points: limits.tokensPerAgentMinute,
      duration: MINUTE_S,
    },
    { cap: 'agent_day', everybody: false, points: limits.tokensPerAgentDay, duration: DAY_S },
    { cap: 'minute', everybody: true, points: limits.tokensPerMinute, duration: MINUTE_S },
    { cap: 'day', everybody: true, points: limits.tokensPerDay, duration: DAY_S },
  ].map(({ cap, everybody, ...options }) => {
    const limiter = new RateLimiterMemory(options);
    const keyOf = (agent: string): string => (everybody ? EVERYBODY : agent);
    return { cap: cap as Cap, limit: options.points, limiter, keyOf };
  });
  const seats = bulkhead(limits.concurrency);

  async function refuse(agent: string): Promise<void> {
    for (const { cap, limit, limiter, keyOf } of windows) {
      const spent = (await limiter.get(keyOf(agent)))?.consumedPoints ?? 0;
      if (spent >= limit) throw new CappedError(cap);
    }
  }

  /** @param tokens undefined for a call that failed and said nothing of its cost */
  async function charge(agent: string, tokens = UNKNOWN_COST): Promise<void> {
    for (const { limiter, keyOf } of windows) await limiter.penalty(keyOf(agent), tokens);
  }

  return {
    charge,
    /**
     * Makes a call, unless a limit is reached. What it costs has to be charged by the call itself,
     * which alone knows whether the model was asked.
     *
     * @throws CappedError when the call was not made
     */
    async within<T>(agent: string, call: () => Promise<T>): Promise<T> {
      await refuse(agent);
      try {
        return await seats.execute(call);
      } catch (error) {
        throw error instanceof BulkheadRejectedError ? new CappedError('concurrency') : error;
      }
    },
  };
}
