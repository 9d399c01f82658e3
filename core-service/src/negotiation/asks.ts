/** What we ask for, round by round, in integer minor units. */

export interface Terms {
  readonly baseMinor: number;
  /** Hidden; 0 < floor ≤ base. */
  readonly floorMinor: number;
  /** How many bids we answer with a counter-offer. */
  readonly rounds: number;
  /** Concession exponent: below 1 is Boulware, which gives way late. */
  readonly beta: number;
  /** Width of the buckets the floor is rounded up in, as a share of the list price. */
  readonly bucketRatio: number;
  /** Our opening ask as a share of the list price, at most 1. */
  readonly openingRatio: number;
}

/** What a new item haggles by. */
export const DEFAULT_TERMS = {
  rounds: 10,
  beta: 0.35,
  bucketRatio: 0.02,
  openingRatio: 1,
} as const;

export interface Bids {
  readonly firstMinor: number;
  readonly bestMinor: number;
}

/**
 * Of the gap between reserve and opening, what a buyer who never moves is not given. Measured by
 * `pnpm bench:haggle`: less gives the patient low-baller too much, more loses deals.
 */
const HELD_BACK = 0.15;
/** Moves below this share of the reserve are no concession: a buyer could start at nothing. */
const EARNEST = 0.5;
/** Largest jitter of the reserve, in buckets. */
const JITTER = 0.125;

/** Our ask before the first bid: the item's share of the list price, never below the reserve. */
export function openingAsk(terms: Terms, jitter: number): number {
  const opening = Math.round(terms.baseMinor * terms.openingRatio);
  return Math.max(opening, reserveOf(terms, jitter));
}

/**
 * Our ask in a round, from the opening (round 0) down to the last ask (the last round):
 *
 *     ask(n) = last + (1 − (n / N)^(1/β)) · (opening − last)
 *
 * the time-dependent tactic of Faratin, Sierra, Jennings, "Negotiation decision functions for
 * autonomous agents", Robotics and Autonomous Systems 24 (1998), with k = 0. The last ask depends
 * on the buyer, in the sense of the behaviour-dependent tactics there: {@link lastAsk}.
 *
 * Never rises with n, and never falls below the reserve. Once a bid has reached the reserve it is
 * the time-dependent curve alone.
 */
export function askInRound(terms: Terms, round: number, jitter: number, bids: Bids): number {
  const opening = openingAsk(terms, jitter);
  const last = lastAsk(reserveOf(terms, jitter), opening, bids);
  const elapsed = Math.min(round, terms.rounds) / terms.rounds;
  const conceded = elapsed ** (1 / terms.beta);
  return last + Math.ceil((1 - conceded) * (opening - last));
}

/**
 * Where the asks end: at the reserve for a buyer whose best bid has reached it, and above it for
 * others, by as much of {@link HELD_BACK} as they left open of the gap between their first bid and
 * the reserve. So waiting alone earns less than conceding.
 */
function lastAsk(reserve: number, opening: number, { firstMinor, bestMinor }: Bids): number {
  if (bestMinor >= reserve) return reserve;
  const start = Math.max(firstMinor, EARNEST * reserve);
  const closed = Math.max(0, (bestMinor - start) / (reserve - start));
  return reserve + Math.ceil((1 - closed) * HELD_BACK * (opening - reserve));
}

/**
 * The lowest ask there is: the floor rounded up to a bucket, plus a part of a bucket by the
 * jitter, at most the list price. Two floors in one bucket have the same reserve, so no answer
 * tells them apart.
 */
function reserveOf(terms: Terms, jitter: number): number {
  const bucket = Math.max(1, Math.round(terms.baseMinor * terms.bucketRatio));
  const rounded = Math.ceil(terms.floorMinor / bucket) * bucket;
  return Math.min(terms.baseMinor, rounded + Math.floor(jitter * JITTER * bucket));
}
