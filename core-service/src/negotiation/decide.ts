/**
 * The rules of the haggle as a pure function over integer minor units: it reads no clock, no
 * database and no model, and nothing that leaves it but the ask depends on the floor.
 */
import type { Terms } from './asks.ts';
import { askAfter } from './asks.ts';

export interface Haggle {
  /** Our live ask; `openingAsk` before the first bid. */
  readonly askMinor: number;
  /** All bids so far, in their order; each of them was countered. */
  readonly bids: readonly number[];
  /** How many bids of the agent's earlier haggles over the item count against it; none if absent. */
  readonly earlier?: number;
}

/** A counter-offer we may make: give way to a lower ask, or hold the one that is on the table. */
export interface Move {
  readonly move: 'concede' | 'hold';
  readonly askMinor: number;
}

export type Decision =
  | { readonly kind: 'accepted'; readonly finalMinor: number }
  /** `moves` is never empty; the first is what the policy would do by itself. */
  | {
      readonly kind: 'countered';
      readonly moves: readonly [Move, ...Move[]];
      readonly last: boolean;
    }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'ui_required' };

/**
 * Answers one bid.
 *
 * Accepts at or above the ask of this round, which never lies above the live one, and never for
 * more than the list price. A bid above the threshold waits for a person, whatever the list price.
 * After the last round nothing is countered any more.
 *
 * @param jitter from `keyedJitter`
 * @param highValueMinor the threshold; a bid of exactly that much is not above it
 */
export function decide(
  terms: Terms,
  haggle: Haggle,
  bidMinor: number,
  jitter: number,
  highValueMinor: number,
): Decision {
  if (bidMinor > highValueMinor) return { kind: 'ui_required' };
  const bids = [...haggle.bids, bidMinor];
  const round = bids.length;
  const askMinor = Math.min(haggle.askMinor, askAfter(terms, jitter, bids, haggle.earlier));
  if (bidMinor >= askMinor) {
    return { kind: 'accepted', finalMinor: Math.min(bidMinor, terms.baseMinor) };
  }
  if (round > terms.rounds) return { kind: 'rejected' };

  const last = round === terms.rounds;
  const concede: Move = { move: 'concede', askMinor };
  const hold: Move = { move: 'hold', askMinor: haggle.askMinor };
  const canHold = !last && askMinor < haggle.askMinor;
  return { kind: 'countered', moves: canHold ? [concede, hold] : [concede], last };
}
