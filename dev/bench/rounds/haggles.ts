/** Haggles by core's own verbs, without the services around them, as the load of the bench. */
import { randomUUID } from 'node:crypto';
import type { Context } from '../../../core-service/src/context.ts';
import { createContext } from '../../../core-service/src/context.ts';
import { readConfig } from '../../../core-service/src/config.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import { negotiate } from '../../../core-service/src/negotiation/negotiate.ts';
import type { Call } from '../../../core-service/src/request-scope.ts';
import { requestScope } from '../../../core-service/src/request-scope.ts';
import { AGENT, ITEM, LOW_BIDS } from '../request/scenarios.ts';
import type { LIMITED_ITEM } from './fill.ts';

/** Bids of a haggle, the deal at its end included. */
export const BIDS_A_HAGGLE = LOW_BIDS.length + 1;
/** A share of the list price that is below each ask. */
const LOW_SHARE = 0.6;

export function openCore(url: string, poolSize: number): Promise<Context> {
  const config = readConfig({
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: String(poolSize),
    PRICING_SECRET: 'only for this bench',
    MAX_QUEUE_DELAY_MS: '600000',
  });
  return createContext(config, createLogger({ level: 'silent', service: 'bench' }));
}

/** @param isKeyed every bid has an idempotency key, as agents that may repeat one send it */
export async function haggle(
  ctx: Context,
  itemId: typeof ITEM | typeof LIMITED_ITEM,
  isKeyed: boolean,
): Promise<void> {
  let sessionToken: string | undefined;
  let ask = 0;
  for (let round = 1; round <= BIDS_A_HAGGLE; round++) {
    const isLast = round === BIDS_A_HAGGLE;
    const list = itemId === ITEM ? 1_000 : 50;
    const bidAmount = isLast ? ask : Math.round(list * LOW_SHARE) + round;
    const idempotencyKey = isKeyed ? randomUUID() : undefined;
    const bid = { itemId, bidAmount, currency: undefined, sessionToken, idempotencyKey };
    const answer = await asCall((call) =>
      negotiate(ctx, { ...bid, agentDid: AGENT, isVerified: false }, call),
    );
    const { outcome } = answer;
    if (outcome.kind !== (isLast ? 'accepted' : 'countered')) {
      throw new Error(`bid ${round} for ${itemId} was ${outcome.kind}`);
    }
    if (outcome.kind === 'countered') ask = outcome.askMinor / 100;
    ({ sessionToken } = answer);
  }
}

/** So many haggles on as many connections at a time as there are. */
export async function haggles(ctx: Context, count: number): Promise<void> {
  let left = count;
  const buyer = async (): Promise<void> => {
    while (left-- > 0) await haggle(ctx, ITEM, false);
  };
  await Promise.all(Array.from({ length: ctx.config.database.poolSize }, buyer));
}

function asCall<T>(work: (call: Call) => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  const call = { requestId: 'bench', signal, deadlineAt: Date.now() + 60_000 };
  return requestScope.run(call, () => work(call));
}
