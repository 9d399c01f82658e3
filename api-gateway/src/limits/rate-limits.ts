/** The gateway counts how often agents ask: searches and bids apart for each agent, all requests for each address. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimitName, LimitsConfig, Quota } from './quota.ts';
import { RateLimited } from './quota.ts';

/** Seconds of the window that is counted in; it begins with a caller's first request. */
const WINDOW_S = 60;

/** Counts in the memory of this process: each replica, and each worker, allows as much. */
export class RateLimits {
  readonly #limiters = new Map<LimitName, RateLimiterMemory>();

  constructor(config: LimitsConfig) {
    for (const [name, points] of Object.entries(config)) {
      if (points === undefined) continue;
      const limiter = new RateLimiterMemory({ points, duration: WINDOW_S });
      this.#limiters.set(name as LimitName, limiter);
    }
  }

  has(name: LimitName): boolean {
    return this.#limiters.has(name);
  }

  /**
   * Counts a request.
   *
   * @param caller the DID of an agent that signed, else the address
   * @returns undefined where there is no such limit
   * @throws RateLimited when the caller has nothing left
   */
  async take(name: LimitName, caller: string): Promise<Quota | undefined> {
    const limiter = this.#limiters.get(name);
    if (limiter === undefined) return undefined;
    const { points: perMinute } = limiter;
    try {
      return toQuota(name, perMinute, await limiter.consume(caller));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new RateLimited(toQuota(name, perMinute, error));
    }
  }
}

function toQuota(
  name: LimitName,
  perMinute: number,
  { remainingPoints, msBeforeNext }: RateLimiterRes,
): Quota {
  const resetSeconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return { name, perMinute, left: Math.max(0, remainingPoints), resetSeconds };
}
