import type { Terms } from '../../../core-service/src/negotiation/asks.ts';
import { openingAsk } from '../../../core-service/src/negotiation/asks.ts';
import type { Haggle } from '../../../core-service/src/negotiation/decide.ts';
import { decide } from '../../../core-service/src/negotiation/decide.ts';

/** How a seller answers a bid: a deal at a price, a new ask, or the end. */
export type Answer =
  | { readonly kind: 'deal'; readonly price: number }
  | { readonly kind: 'ask'; readonly ask: number }
  | { readonly kind: 'end' };

/** The seller's side of one haggle; each call is the next bid. */
export type Seller = (bid: number) => Answer | Promise<Answer>;

/** Aura's policy, which makes each of its moves by itself. */
export function policySeller(terms: Terms, jitter: number): (bid: number) => Answer {
  let live: Haggle = { round: 0, askMinor: openingAsk(terms, jitter), bids: undefined };
  return (bid) => {
    const decision = decide(terms, live, bid, jitter, Number.MAX_SAFE_INTEGER);
    if (decision.kind === 'accepted') return { kind: 'deal', price: decision.finalMinor };
    if (decision.kind !== 'countered') return { kind: 'end' };
    const [{ askMinor }] = decision.moves;
    const { firstMinor = bid, bestMinor = bid } = live.bids ?? {};
    const bids = { firstMinor, bestMinor: Math.max(bestMinor, bid) };
    live = { round: live.round + 1, askMinor, bids };
    return { kind: 'ask', ask: askMinor };
  };
}

/** Names its floor at once. */
export function floorSeller({ baseMinor, floorMinor }: Terms): Seller {
  return (bid) =>
    bid >= floorMinor
      ? { kind: 'deal', price: Math.min(bid, baseMinor) }
      : { kind: 'ask', ask: floorMinor };
}

/** Never moves from the list price. */
export function stubbornSeller({ baseMinor }: Terms): Seller {
  return (bid) =>
    bid >= baseMinor ? { kind: 'deal', price: baseMinor } : { kind: 'ask', ask: baseMinor };
}
