/** What terms would earn on one item: the same buyers, by the same chance, put to each of them. */
import type { Terms } from '../../terms.ts';
import { keyedJitter } from '../keyed-jitter.ts';
import type { Grid } from '../price-ending.ts';
import { BUYERS, IMPATIENT } from './buyers.ts';
import type { Figures, Played } from './figures.ts';
import { figuresOf, mean, meanFigures } from './figures.ts';
import type { Buyer, Haggle } from './play.ts';
import { play } from './play.ts';
import { policySeller } from './seller.ts';

/** An item as it is played. */
export interface Offered {
  readonly id: string;
  readonly terms: Terms;
  /** Undefined where asks may be any price. */
  readonly grid?: Grid | undefined;
}

export interface Crowd {
  /** How many of each kind. */
  readonly buyers: number;
  /** The same seed gives the same buyers. */
  readonly seed: number;
}

export interface Simulated extends Figures {
  readonly name: string;
  /** The mean price of the deals, minor units; 0 without one. */
  readonly priceMinor: number;
  /** What 100 haggles earned above the floor, minor units. */
  readonly earnedMinor: number;
}

const KINDS: readonly Buyer[] = [...BUYERS, IMPATIENT];
/** The greatest value of a buyer, as a share of the list price; the least one is just above the floor. */
const GREATEST_VALUE = 1.1;

/**
 * Plays buyers whose values are spread from the floor to a tenth above the list price. Writes and
 * reads nothing.
 *
 * @param item whose list price lies above its floor
 * @returns each kind of buyer, and the mean of them
 */
export function simulateItem(item: Offered, crowd: Crowd): Simulated[] {
  const { terms } = item;
  const kinds = KINDS.map((buyer) => {
    const played = Array.from({ length: crowd.buyers }, (_, i): Played => {
      const value = valueOf(item, crowd.seed, i);
      return { terms, value, haggle: playOne(item, crowd.seed, i, buyer, value) };
    });
    const prices = played.flatMap(({ haggle }) => haggle.price ?? []);
    const earned = prices.reduce((sum, price) => sum + price - terms.floorMinor, 0);
    return {
      name: buyer.name,
      ...figuresOf(played),
      priceMinor: Math.round(mean(prices)),
      earnedMinor: Math.round((100 * earned) / crowd.buyers),
    };
  });
  const all: Simulated = {
    name: `mean of the ${kinds.length}`,
    ...meanFigures(kinds),
    priceMinor: Math.round(mean(kinds.map((kind) => kind.priceMinor))),
    earnedMinor: Math.round(mean(kinds.map((kind) => kind.earnedMinor))),
  };
  return [...kinds, all];
}

/** The haggle of one buyer of that kind whose value lies half way between floor and list price. */
export function exampleOf(item: Offered, seed: number, kind: string): Haggle {
  const { floorMinor, baseMinor } = item.terms;
  const buyer = KINDS.find(({ name }) => name === kind);
  if (!buyer) throw new RangeError(`there is no buyer ${kind}`);
  const value = Math.round((floorMinor + baseMinor) / 2);
  return playOne(item, seed, 0, buyer, value);
}

function playOne(
  { id, terms, grid }: Offered,
  seed: number,
  i: number,
  buyer: Buyer,
  value: number,
): Haggle {
  const jitter = keyedJitter('simulated jitter', id, `buyer ${i}`, seed);
  return play(policySeller(terms, jitter, 0, { grid }), buyer, { terms, value });
}

function valueOf({ id, terms }: Offered, seed: number, i: number): number {
  const { baseMinor, floorMinor } = terms;
  const chance = keyedJitter('simulated values', id, `buyer ${i}`, seed);
  return floorMinor + Math.ceil((1 - chance) * (GREATEST_VALUE * baseMinor - floorMinor));
}
