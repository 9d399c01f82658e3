/** The seller asks for these amounts, round by round, in integer minor units. */

import type { Terms } from '../terms.ts';

/**
 * The gap between reserve and opening that only bids earn, as a share of it: a buyer who never
 * comes near is not given it. More loses deals, less gives the adversary more.
 */
export const HELD_BACK = 0.13;
/** Bids up to this share of the reserve earn nothing: a buyer could start anywhere. */
const EARNEST = 0.7;
/** Largest jitter of the reserve, in buckets. */
export const JITTER = 0.125;
/** Width of the steps in which asks fall before the last one, as a share of the list price. */
const STEP = 0.02;
/** Each ask lies below the one before it by so much more, as a share of the list price. */
const TOKEN = 0.000_25;

/** Our ask before the first bid: the item's share of the list price, never below the reserve. */
export function openingAsk(terms: Terms, jitter: number): number {
  const opening = Math.round(terms.baseMinor * terms.openingRatio);
  return Math.max(opening, reserveOf(terms, jitter));
}

/**
 * Our ask after these bids, from the opening (none) down to the last ask (as many as there are
 * rounds):
 *
 *     ask(n) = last + (1 − (n / N)^(1/β)) · (opening − last)
 *
 * the time-dependent tactic of Faratin, Sierra, Jennings, "Negotiation decision functions for
 * autonomous agents", Robotics and Autonomous Systems 24 (1998), with k = 0. The last ask depends
 * on the buyer, in the sense of the behaviour-dependent tactics there: {@link lastAsk}. Before the
 * last round it is shown in steps: {@link inSteps}.
 *
 * A bid is a commitment: no later ask is lower, so who bids high to earn a discount cannot go back
 * and take it from below. Never falls below the reserve, and never rises in a session.
 *
 * @param bids all bids of the session in their order, the one to be answered last
 * @param earlier bids of earlier haggles that these have to make up for; they earned nothing
 */
export function askAfter(
  terms: Terms,
  jitter: number,
  bids: readonly number[],
  earlier = 0,
): number {
  const opening = openingAsk(terms, jitter);
  const reserve = reserveOf(terms, jitter);
  const round = Math.min(bids.length, terms.rounds);
  const last = lastAsk(terms, reserve, opening, bids, earlier);
  const elapsed = (round / terms.rounds) ** (1 / terms.beta);
  const due = last + Math.ceil((1 - elapsed) * (opening - last));
  const shown = round < terms.rounds ? inSteps(terms, opening, last, due, round) : due;
  let committed = shown;
  for (let i = 0; i < bids.length - 1; i++) committed = Math.max(committed, bids[i] as number);
  return Math.min(opening, committed);
}

/**
 * Where the asks end: at the reserve for a buyer who bid as much all along, and above it for
 * others, by as much of {@link HELD_BACK} as their bids have not earned. Each bid earns its part
 * of a round by its own nearness to the reserve, also one above it, so that one late bid earns one
 * round and not the rest.
 */
function lastAsk(
  { rounds }: Terms,
  reserve: number,
  opening: number,
  bids: readonly number[],
  earlier: number,
): number {
  const start = EARNEST * reserve;
  let earned = 0;
  for (let i = 0; i < Math.min(bids.length, rounds); i++) {
    const near = ((bids[i] as number) - start) / (reserve - start);
    earned += Math.min(1, Math.max(0, near));
  }
  const open = 1 - earned / (rounds + earlier);
  return reserve + Math.round(open * HELD_BACK * (opening - reserve));
}

/**
 * The ask as it is shown before the last round: a whole number of steps of the list price below the
 * opening, and a token less each round. So the first asks fall, but are the same for all floors
 * that lie a step below the list price: a buyer has bid half of its bids before it can read a
 * reserve from the curve.
 */
function inSteps(
  { baseMinor }: Terms,
  opening: number,
  last: number,
  due: number,
  round: number,
): number {
  const step = Math.max(1, Math.round(STEP * baseMinor));
  const whole = Math.floor((opening - due) / step) * step;
  return Math.max(last, opening - whole - round * Math.floor(TOKEN * baseMinor));
}

/**
 * The lowest ask there is: the floor rounded up to a bucket, the margin above that, and a part of a
 * bucket by the jitter, at most the list price. Two floors in one bucket have the same reserve, so
 * no answer tells them apart.
 */
export function reserveOf(terms: Terms, jitter: number): number {
  const { baseMinor, floorMinor, margin, marginMinor } = terms;
  const bucket = Math.max(1, Math.round(baseMinor * terms.bucketRatio));
  const rounded = Math.ceil(floorMinor / bucket) * bucket;
  const kept = Math.max(marginMinor, Math.ceil(margin * Math.max(0, baseMinor - rounded)));
  const capped = Math.ceil(baseMinor * (1 - terms.discountCap));
  const reserve = Math.max(rounded + kept, capped) + Math.floor(jitter * JITTER * bucket);
  return Math.min(baseMinor, reserve);
}
