import type { Terms } from '../../../core-service/src/negotiation/policy.ts';
import { decide } from '../../../core-service/src/negotiation/policy.ts';
import type { Buyer } from './buyers.ts';

/** How a seller answers a bid: a deal at a price, a new ask, or the end. */
type Answer =
  | { readonly kind: 'deal'; readonly price: number }
  | { readonly kind: 'ask'; readonly ask: number }
  | { readonly kind: 'end' };

/** @param round of the bid, from 1 @param ask the live one */
export type Seller = (terms: Terms, round: number, ask: number, bid: number) => Answer;

interface Haggle {
  /** Undefined when there was no deal. */
  readonly price: number | undefined;
  readonly rounds: number;
  readonly asks: readonly number[];
  readonly bids: readonly number[];
}

/** Aura's policy, which makes each of its moves by itself. */
export const policySeller =
  (jitter: number): Seller =>
  (terms, round, ask, bid) => {
    const live = { round: round - 1, askMinor: ask };
    const decision = decide(terms, live, bid, jitter, Number.MAX_SAFE_INTEGER);
    if (decision.kind === 'accepted') return { kind: 'deal', price: decision.finalMinor };
    if (decision.kind === 'countered') return { kind: 'ask', ask: decision.moves[0].askMinor };
    return { kind: 'end' };
  };

/** Names its floor at once. */
export const floorSeller: Seller = (terms, _round, _ask, bid) =>
  bid >= terms.floorMinor
    ? { kind: 'deal', price: Math.min(bid, terms.baseMinor) }
    : { kind: 'ask', ask: terms.floorMinor };

/** Never moves from the list price. */
export const stubbornSeller: Seller = (terms, _round, ask, bid) =>
  bid >= ask ? { kind: 'deal', price: ask } : { kind: 'ask', ask };

/**
 * One haggle. A buyer takes the ask where its own bid would be as high, and where the seller has
 * no more counter-offers to make and the ask is not above its value; else it leaves then.
 */
export function play(seller: Seller, buyer: Buyer, terms: Terms, value: number): Haggle {
  const asks = [terms.baseMinor];
  const bids: number[] = [];
  for (let round = 1; round <= terms.rounds + 1; round++) {
    const ask = asks.at(-1) ?? terms.baseMinor;
    const last = round > terms.rounds;
    const view = {
      listPrice: terms.baseMinor,
      value,
      ask,
      asks,
      bids,
      round,
      rounds: terms.rounds,
    };
    const wish = Math.min(value, Math.max(1, Math.round(buyer.bid(view))));
    if (last && ask > value) break;
    const bid = last ? ask : Math.min(wish, ask);
    bids.push(bid);
    const answer = seller(terms, round, ask, bid);
    if (answer.kind === 'deal') return { price: answer.price, rounds: round, asks, bids };
    if (answer.kind === 'end') break;
    asks.push(answer.ask);
  }
  return { price: undefined, rounds: bids.length, asks, bids };
}
