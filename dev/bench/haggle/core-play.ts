/** Haggles with a seller that takes its time, many at once. */
import type { Answer, Buyer, Haggle } from '../../../core-service/src/negotiation/simulate/play.ts';
import { haggling } from '../../../core-service/src/negotiation/simulate/play.ts';
import type { Case } from './cases.ts';

/** Haggles at once: enough to keep core busy, and few enough that none waits long for its database. */
const CONCURRENCY = 8;

export async function playAll(
  cases: readonly Case[],
  sellerOf: (one: Case) => (bid: number) => Promise<Answer>,
  buyer: Buyer,
): Promise<Haggle[]> {
  const played: Haggle[] = [];
  const due = cases.entries();
  const worker = async (): Promise<void> => {
    for (const [i, one] of due) {
      const seller = sellerOf(one);
      const bidder = haggling(buyer, one);
      let step = bidder.next();
      while (step.done !== true) step = bidder.next(await seller(step.value));
      played[i] = step.value;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return played;
}
