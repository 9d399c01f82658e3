/**
 * How Aura haggled before: one bid at or above the reserve dropped the last ask to it at once. Kept
 * so that the bench can say what changed, and that its adversary bites.
 */
import type { Terms } from '../../../core-service/src/terms.ts';
import type { Policy } from './policies.ts';

const BETA = 0.35;
const HELD_BACK = 0.15;
const EARNEST = 0.5;
const JITTER = 0.125;

export const formerPolicy: Policy = {
  name: 'the former policy',
  opening,
  reserve,
  ask: (terms, jitter, bids) => {
    const last = lastAsk(reserve(terms, jitter), opening(terms, jitter), bids);
    const elapsed = Math.min(1, bids.length / terms.rounds) ** (1 / BETA);
    return last + Math.ceil((1 - elapsed) * (opening(terms, jitter) - last));
  },
};

function lastAsk(lowest: number, highest: number, bids: readonly number[]): number {
  const best = Math.max(...bids);
  if (best >= lowest) return lowest;
  const start = Math.max(bids[0] ?? 0, EARNEST * lowest);
  const closed = Math.max(0, (best - start) / (lowest - start));
  return lowest + Math.ceil((1 - closed) * HELD_BACK * (highest - lowest));
}

function opening(terms: Terms, jitter: number): number {
  return Math.max(Math.round(terms.baseMinor * terms.openingRatio), reserve(terms, jitter));
}

function reserve({ baseMinor, floorMinor, bucketRatio }: Terms, jitter: number): number {
  const bucket = Math.max(1, Math.round(baseMinor * bucketRatio));
  const rounded = Math.ceil(floorMinor / bucket) * bucket;
  return Math.min(baseMinor, rounded + Math.floor(jitter * JITTER * bucket));
}
