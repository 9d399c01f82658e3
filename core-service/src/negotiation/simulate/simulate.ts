/**
 * What an item would earn by its terms, before it is sold: the bench's buyers haggle over it, the
 * same ones, by the same chance, for each of its terms.
 */
import type { Terms } from '../../terms.ts';
import { reserveOf } from '../asks.ts';
import type { Controls } from '../decide.ts';
import { keyedJitter } from '../keyed-jitter.ts';
import { BUYERS, IMPATIENT, insider } from './buyers.ts';
import type { Figures, Played } from './figures.ts';
import { figuresOf, mean, meanFigures } from './figures.ts';
import type { Buyer, Haggle } from './play.ts';
import { play, playEach } from './play.ts';
import { policySeller } from './seller.ts';

/** An item as it is played. */
export interface Offered {
  readonly id: string;
  readonly terms: Terms;
  readonly controls?: Controls;
}

export interface Crowd {
  /** The number of haggles of each kind. */
  readonly buyers: number;
  /** The same seed gives the same buyers. */
  readonly seed: number;
}

export interface Simulated extends Figures {
  readonly buyer: string;
  /** The mean price of the deals, minor units; 0 without any. */
  readonly priceMinor: number;
  /** A haggle earned this above the floor in the mean over all, in minor units. */
  readonly earnedMinor: number;
}

export interface Simulation {
  /** The eight kinds of buyer of the bench. */
  readonly buyers: readonly Simulated[];
  readonly mean: Simulated;
  /** A buyer who leaves after three bids. */
  readonly impatient: Simulated;
  /** A buyer who knows the reserve and bids it from the first round on: nobody gets a lower price. */
  readonly insider: Simulated;
}

/** The greatest value of a buyer, as a share of the list price; the least one is just above the floor. */
const GREATEST_VALUE = 1.1;

/** Plays buyers whose values are spread from the floor to a tenth above the list price. */
export function simulate(item: Offered, crowd: Crowd): Simulation {
  const { terms } = item;
  const wanted = Array.from({ length: crowd.buyers }, (_, i) => ({
    terms,
    value: valueOf(item, crowd.seed, i),
    jitter: jitterOf(item, crowd.seed, i),
  }));
  const seller = ({ jitter }: (typeof wanted)[number]) =>
    policySeller(terms, jitter, 0, item.controls);
  const playAll = (name: string, buyerOf: (jitter: number) => Buyer): Simulated => {
    const played = playEach(wanted, seller, ({ jitter }) => buyerOf(jitter));
    return { buyer: name, ...figuresOf(played), ...earningsOf(played) };
  };
  const buyers = BUYERS.map((buyer) => playAll(buyer.name, () => buyer));
  return {
    buyers,
    mean: {
      buyer: `mean of the ${buyers.length}`,
      ...meanFigures(buyers),
      priceMinor: mean(buyers.map(({ priceMinor }) => priceMinor)),
      earnedMinor: mean(buyers.map(({ earnedMinor }) => earnedMinor)),
    },
    impatient: playAll(IMPATIENT.name, () => IMPATIENT),
    insider: playAll('knows the reserve', (jitter) => insider(reserveOf(terms, jitter))),
  };
}

/** The haggle of one of the eight kinds whose value lies half way between floor and list price. */
export function exampleOf(item: Offered, seed: number, kind: string): Haggle {
  const { terms, controls } = item;
  const buyer = BUYERS.find(({ name }) => name === kind);
  if (!buyer) throw new RangeError(`there is no buyer ${kind}`);
  const value = Math.round((terms.floorMinor + terms.baseMinor) / 2);
  const seller = policySeller(terms, jitterOf(item, seed, 0), 0, controls);
  return play(seller, buyer, { terms, value });
}

function earningsOf(played: readonly Played[]): Pick<Simulated, 'priceMinor' | 'earnedMinor'> {
  const prices = played.flatMap(({ haggle }) => haggle.price ?? []);
  const earned = played.map(
    ({ haggle, terms }) => (haggle.price ?? terms.floorMinor) - terms.floorMinor,
  );
  return { priceMinor: mean(prices), earnedMinor: mean(earned) };
}

function jitterOf({ id }: Offered, seed: number, i: number): number {
  return keyedJitter('simulated jitter', id, `buyer ${i}`, seed);
}

function valueOf({ id, terms }: Offered, seed: number, i: number): number {
  const { baseMinor, floorMinor } = terms;
  const chance = keyedJitter('simulated values', id, `buyer ${i}`, seed);
  return floorMinor + Math.ceil((1 - chance) * (GREATEST_VALUE * baseMinor - floorMinor));
}
