/** Sellers whose source a buyer may have read. Prices are whole minor units. */
import type { Terms } from '../../../core-service/src/terms.ts';
import { askAfter, openingAsk, reserveOf } from '../../../core-service/src/negotiation/asks.ts';
import type { Answer } from '../../../core-service/src/negotiation/simulate/play.ts';

export interface Policy {
  readonly name: string;
  readonly opening: (terms: Terms, jitter: number) => number;
  /** The ask that is due after these bids, whatever stands on the table. */
  readonly ask: (terms: Terms, jitter: number, bids: readonly number[]) => number;
  /** The lowest ask there is. */
  readonly reserve: (terms: Terms, jitter: number) => number;
}

export const auraPolicy: Policy = {
  name: 'the policy',
  opening: openingAsk,
  ask: askAfter,
  reserve: reserveOf,
};

/** A seller of that policy: takes a bid at or above its ask, and asks what is due otherwise. */
export function sellerBy(policy: Policy, terms: Terms, jitter: number): (bid: number) => Answer {
  const bids: number[] = [];
  let live = policy.opening(terms, jitter);
  return (bid) => {
    bids.push(bid);
    live = Math.min(live, policy.ask(terms, jitter, bids));
    if (bid >= live) return { kind: 'deal', price: Math.min(bid, terms.baseMinor) };
    return bids.length > terms.rounds ? { kind: 'end' } : { kind: 'ask', ask: live };
  };
}

const listPrice = ({ baseMinor }: Terms): number => baseMinor;
const floor = ({ floorMinor }: Terms): number => floorMinor;

/** From the list price to the floor by the time alone, after Faratin, Sierra, Jennings (1998). */
const timeDependent = (name: string, beta: number): Policy => ({
  name,
  opening: listPrice,
  reserve: floor,
  ask: ({ baseMinor, floorMinor, rounds }, _jitter, bids) => {
    const elapsed = Math.min(1, bids.length / rounds) ** (1 / beta);
    return floorMinor + Math.ceil((1 - elapsed) * (baseMinor - floorMinor));
  },
});

/**
 * One of as many equal steps as there are rounds for each new bid of the buyer that is higher than
 * all before, and none for others: after de Jonge, "An Analysis of the Linear Bilateral ANAC
 * Domains Using the MiCRO Benchmark Strategy", IJCAI 2022.
 */
const micro: Policy = {
  name: 'MiCRO',
  opening: listPrice,
  reserve: floor,
  ask: ({ baseMinor, floorMinor, rounds }, _jitter, bids) => {
    const offers = bids.filter((bid, i) => bids.slice(0, i).every((each) => each < bid)).length;
    const conceded = Math.min(1, offers / rounds);
    return floorMinor + Math.ceil((1 - conceded) * (baseMinor - floorMinor));
  },
};

export const YARDSTICKS: readonly Policy[] = [
  { name: 'names its floor at once', opening: listPrice, reserve: floor, ask: floor },
  { name: 'never moves', opening: listPrice, reserve: listPrice, ask: listPrice },
  timeDependent('Boulware, exponent 0.35', 0.35),
  timeDependent('Boulware, exponent 0.2', 0.2),
  timeDependent('linear', 1),
  micro,
];
