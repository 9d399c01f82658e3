/**
 * The rules of the haggle as a pure function over integer minor units: it reads no clock, no
 * database and no model, and nothing that leaves it but the ask depends on the floor.
 */
import type { Terms } from '../terms.ts';
import { askAfter } from './asks.ts';
import type { Grid } from './price-ending.ts';
import { roundUp } from './price-ending.ts';

export interface Haggle {
  /** Our live ask; `openingAsk` before the first bid. */
  readonly askMinor: number;
  /** All bids so far, in their order; each of them was countered. */
  readonly bids: readonly number[];
  /**
   * A hook: how many bids of the agent's earlier haggles over the item count against it; none if
   * absent. Core hands in none, because a new `agent_did` costs nothing; the bench does.
   */
  readonly earlier?: number;
}

/** A merchant holds the asks and deals of an item to these, beside its terms; none if absent. */
export interface Controls {
  /** We ask for no less, but for an ask that was given already. */
  readonly lowestAskMinor?: number | undefined;
  /** Asks are rounded up to these prices, but never above the list price or the ask before. */
  readonly grid?: Grid | undefined;
  /** A deal at a higher price waits for a person. */
  readonly draftAboveMinor?: number | undefined;
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
 * @param controls raise asks and hand deals to a person, and do nothing else
 */
export function decide(
  terms: Terms,
  haggle: Haggle,
  bidMinor: number,
  jitter: number,
  highValueMinor: number,
  controls: Controls = {},
): Decision {
  if (bidMinor > highValueMinor) return { kind: 'ui_required' };
  const bids = [...haggle.bids, bidMinor];
  const round = bids.length;
  const due = askAfter(terms, jitter, bids, haggle.earlier);
  const askMinor = Math.min(haggle.askMinor, controlledAsk(due, terms, controls));
  if (bidMinor >= askMinor) return deal(Math.min(bidMinor, terms.baseMinor), controls);
  if (round > terms.rounds) return { kind: 'rejected' };

  const last = round === terms.rounds;
  const concede: Move = { move: 'concede', askMinor };
  const hold: Move = { move: 'hold', askMinor: haggle.askMinor };
  const canHold = !last && askMinor < haggle.askMinor;
  return { kind: 'countered', moves: canHold ? [concede, hold] : [concede], last };
}

/** The ask that is due, raised to what the controls demand, and never above the list price. */
export function controlledAsk(
  dueMinor: number,
  { baseMinor }: Pick<Terms, 'baseMinor'>,
  { lowestAskMinor = 0, grid }: Controls,
): number {
  return Math.min(baseMinor, roundUp(Math.max(dueMinor, lowestAskMinor), grid));
}

function deal(finalMinor: number, { draftAboveMinor = Infinity }: Controls): Decision {
  return finalMinor > draftAboveMinor ? { kind: 'ui_required' } : { kind: 'accepted', finalMinor };
}
