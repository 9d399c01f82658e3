/**
 * The rules of the haggle as pure functions over integer minor units. Nothing here reads a clock,
 * a database or a model, and nothing that leaves here but the ask depends on the floor.
 */
import { createHmac } from 'node:crypto';

export interface Terms {
  /** List price; also our opening ask. */
  readonly baseMinor: number;
  /** Hidden; 0 < floor ≤ base. */
  readonly floorMinor: number;
  /** How many bids we answer with a counter-offer. */
  readonly rounds: number;
  /** Concession exponent: below 1 is Boulware, which gives way late. */
  readonly beta: number;
  /** Width of the buckets the floor is rounded up in, as a share of the list price. */
  readonly bucketRatio: number;
}

/** What a new item haggles by. */
export const DEFAULT_TERMS = { rounds: 10, beta: 0.35, bucketRatio: 0.02 } as const;

export interface Haggle {
  /** Bids answered so far. */
  readonly round: number;
  /** Our live ask; the list price before the first bid. */
  readonly askMinor: number;
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
 * more than the list price. A deal whose lower of bid and list price lies above the threshold
 * waits for a person. After the last round only a bid at the live ask is still taken.
 *
 * @param jitter from {@link keyedJitter}
 * @param highValueMinor the threshold; a deal of exactly that much is not above it
 */
export function decide(
  terms: Terms,
  haggle: Haggle,
  bidMinor: number,
  jitter: number,
  highValueMinor: number,
): Decision {
  const dealMinor = Math.min(bidMinor, terms.baseMinor);
  if (dealMinor > highValueMinor) return { kind: 'ui_required' };
  const round = haggle.round + 1;
  const askMinor = Math.min(haggle.askMinor, askInRound(terms, round, jitter));
  if (bidMinor >= askMinor) return { kind: 'accepted', finalMinor: dealMinor };
  if (round > terms.rounds) return { kind: 'rejected' };

  const last = round === terms.rounds;
  const concede: Move = { move: 'concede', askMinor };
  const hold: Move = { move: 'hold', askMinor: haggle.askMinor };
  const canHold = !last && askMinor < haggle.askMinor;
  return { kind: 'countered', moves: canHold ? [concede, hold] : [concede], last };
}

/**
 * Our ask in a round, from the list price (round 0) down to the reserve (the last round):
 *
 *     ask(n) = reserve + (1 − (n / N)^(1/β)) · (base − reserve)
 *
 * the time-dependent tactic of Faratin, Sierra, Jennings, "Negotiation decision functions for
 * autonomous agents", Robotics and Autonomous Systems 24 (1998), with k = 0. Never rises with n.
 */
export function askInRound(terms: Terms, round: number, jitter: number): number {
  const reserve = reserveOf(terms, jitter);
  const elapsed = Math.min(round, terms.rounds) / terms.rounds;
  const conceded = elapsed ** (1 / terms.beta);
  return reserve + Math.ceil((1 - conceded) * (terms.baseMinor - reserve));
}

/**
 * The lowest ask: the floor rounded up to a bucket, plus up to one bucket of jitter, at most the
 * list price. Two floors in one bucket have the same reserve, so no answer tells them apart.
 */
function reserveOf(terms: Terms, jitter: number): number {
  const bucket = Math.max(1, Math.round(terms.baseMinor * terms.bucketRatio));
  const rounded = Math.ceil(terms.floorMinor / bucket) * bucket;
  return Math.min(terms.baseMinor, rounded + Math.floor(jitter * bucket));
}

/**
 * A number in [0, 1) that is the same for one item, agent and epoch, and unknown to anyone without
 * the secret: HMAC-SHA-256, its first 48 bits as a fraction.
 *
 * @param epoch days since 1970-01-01; all haggles an agent begins in one day get the same asks, so
 *   that beginning anew teaches nothing
 */
export function keyedJitter(
  secret: string,
  itemId: string,
  agentDid: string,
  epoch: number,
): number {
  const hmac = createHmac('sha256', secret).update(JSON.stringify([itemId, agentDid, epoch]));
  return hmac.digest().readUIntBE(0, 6) / 2 ** 48;
}
