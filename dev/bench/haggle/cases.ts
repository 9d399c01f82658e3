import type { Terms } from '../../../core-service/src/terms.ts';
import { DEFAULT_TERMS } from '../../../core-service/src/terms.ts';
import { keyedJitter } from '../../../core-service/src/negotiation/keyed-jitter.ts';

/** The pricing secret of the bench. */
export const SECRET = 'the bench of haggles';
export const ITEMS = 1_000;
/** Any day will do; the same numbers in each run. */
const EPOCH = 0;
const VALUES = 3;

/** An item and somebody who wants it. */
export interface Case {
  readonly itemId: string;
  readonly agentDid: string;
  readonly terms: Terms;
  /** What the item is worth to the buyer, minor units. */
  readonly value: number;
}

/** A number in [0, 1) for a name, the same in each run. */
export const random = (...name: readonly (string | number)[]): number =>
  keyedJitter('numbers by chance', name.join('/'), '', 0);

export const jitterOf = ({ itemId, agentDid }: Case, epoch = EPOCH): number =>
  keyedJitter(SECRET, itemId, agentDid, epoch);

/** List prices from 20.00 to 2,000.00, floors at 40–95 % of them; the same in each run. */
export function itemTerms(i: number, own: Partial<Terms> = {}): Terms {
  const baseMinor = Math.round(2_000 * 100 ** random(i, 'base'));
  const floorMinor = Math.ceil(baseMinor * (0.4 + 0.55 * random(i, 'floor')));
  return { ...DEFAULT_TERMS, ...own, baseMinor, floorMinor };
}

/**
 * For each item some values from 0.9 floors to 1.1 list prices; those where a deal is possible.
 *
 * @param own what of the terms is not the default
 */
export function possibleCases(items: number, own: Partial<Terms> = {}): Case[] {
  return Array.from({ length: items * VALUES }, (_, n) => {
    const [i, j] = [Math.trunc(n / VALUES), n % VALUES];
    const terms = itemTerms(i, own);
    const [low, high] = [0.9 * terms.floorMinor, 1.1 * terms.baseMinor];
    const value = Math.round(low + random(i, 'value', j) * (high - low));
    return { itemId: `bench-${i}`, agentDid: `did:example:buyer-${j}`, terms, value };
  }).filter(({ terms, value }) => value > terms.floorMinor);
}

/** So many of the cases, evenly spread. */
export function sample(cases: readonly Case[], count: number): Case[] {
  const step = Math.max(1, cases.length / count);
  const some = Array.from({ length: Math.min(count, cases.length) }, (_, i) => i);
  return some.map((i) => cases[Math.floor(i * step)] as Case);
}
