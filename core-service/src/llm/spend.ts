import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ModelLimits } from '../config.ts';
import type { Cap } from './chat-model.ts';
import { CappedError } from './chat-model.ts';
import type { TakeTokens } from './shared-budget.ts';
import { SharedBudget, UNKNOWN_COST } from './shared-budget.ts';

const MINUTE_S = 60;
const DAY_S = 86_400;

/**
 * Keeps what the model may cost. What all agents together may spend is one budget for all cores, kept by the
 * database, so that it is no larger for more of them. What an agent may, and how many calls may be under
 * way, each process counts by itself.
 */
export function createSpend(limits: ModelLimits, take: TakeTokens) {
  const agents = [
    { cap: 'agent_minute', points: limits.tokensPerAgentMinute, duration: MINUTE_S },
    { cap: 'agent_day', points: limits.tokensPerAgentDay, duration: DAY_S },
  ].map(({ cap, ...options }) => {
    return { cap: cap as Cap, limit: options.points, limiter: new RateLimiterMemory(options) };
  });
  const budgets = [
    { budget: 'minute', seconds: MINUTE_S, limit: limits.tokensPerMinute },
    { budget: 'day', seconds: DAY_S, limit: limits.tokensPerDay },
  ].map((window) => ({ cap: window.budget as Cap, shared: new SharedBudget(window, take) }));
  const seats = bulkhead(limits.concurrency);

  async function refuse(agent: string): Promise<void> {
    for (const { cap, limit, limiter } of agents) {
      const spent = (await limiter.get(agent))?.consumedPoints ?? 0;
      if (spent >= limit) throw new CappedError(cap);
    }
  }

  /** @param held gets each budget out of which the cost of a call is held */
  async function hold(held: SharedBudget[], signal: AbortSignal): Promise<void> {
    for (const { cap, shared } of budgets) {
      const isHeld = await shared.hold(signal).catch((cause: unknown) => {
        // Nobody knows what the others have spent: then no money is spent at all.
        throw new CappedError('budget_unknown', { cause });
      });
      if (!isHeld) throw new CappedError(cap);
      held.push(shared);
    }
  }

  return {
    /** @param tokens undefined for a call that failed and said nothing of its cost */
    async charge(agent: string, tokens = UNKNOWN_COST): Promise<void> {
      for (const { shared } of budgets) shared.charge(tokens);
      for (const { limiter } of agents) await limiter.penalty(agent, tokens);
    },
    /**
     * Makes a call, unless a limit is reached. What it costs has to be charged by the call itself,
     * which alone knows whether the model was asked.
     *
     * @param signal aborts when an answer would come too late
     * @throws CappedError when the call was not made
     */
    async within<T>(agent: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
      const held: SharedBudget[] = [];
      try {
        await refuse(agent);
        await hold(held, signal);
        return await seats.execute(call);
      } catch (error) {
        throw error instanceof BulkheadRejectedError ? new CappedError('concurrency') : error;
      } finally {
        for (const each of held) each.release();
      }
    },
  };
}
