/** Reads a reserve out of asks, by somebody who has read the policy's source but not the key. */
import type { Terms } from '../../../core-service/src/terms.ts';
import type { View } from '../../../core-service/src/negotiation/simulate/play.ts';
import type { Policy } from './policies.ts';

/** The terms that a buyer knows: all but the floor. */
export type Known = Omit<Terms, 'floorMinor'>;

/** The keyed jitter is guessed to be one of these. */
const GUESSES = [0.2, 0.8];
/** Asks that miss by so much of a bucket are taken to fit. */
const SLACK = 0.1;

export interface Reader {
  /**
   * Reads what is new in one haggle, by least squares over all buckets of the floor.
   *
   * @param optimism where the asks fit several reserves: 0 is the highest of them, 1 the lowest
   * @returns the reserve
   */
  readonly read: (seen: Pick<View, 'asks' | 'bids'>, optimism: number) => number;
}

export function createReader(policy: Policy, known: Known): Reader {
  const bucket = Math.max(1, Math.round(known.baseMinor * known.bucketRatio));
  let fits = candidatesOf(policy, known, bucket);
  let read = 1;
  return {
    read: ({ asks, bids }, optimism) => {
      for (; read < asks.length; read++) {
        const made = bids.slice(0, read);
        for (const fit of fits) {
          fit.live = Math.min(fit.live, policy.ask(fit.terms, fit.jitter, made));
          fit.error += (fit.live - (asks[read] as number)) ** 2;
        }
        const least = fits.reduce((min, { error }) => Math.min(min, error), Infinity);
        fits = fits.filter(({ error }) => error <= least + read * (bucket * SLACK) ** 2);
      }
      const chosen = fits[Math.round((1 - optimism) * (fits.length - 1))];
      return chosen ? policy.reserve(chosen.terms, chosen.jitter) : known.baseMinor;
    },
  };
}

function candidatesOf(policy: Policy, known: Known, bucket: number) {
  const floors = Array.from({ length: Math.ceil(known.baseMinor / bucket) }, (_, i) =>
    Math.min((i + 1) * bucket, known.baseMinor),
  );
  return floors.flatMap((floorMinor) => {
    const terms = { ...known, floorMinor };
    return GUESSES.map((jitter) => ({
      terms,
      jitter,
      error: 0,
      live: policy.opening(terms, jitter),
    }));
  });
}
