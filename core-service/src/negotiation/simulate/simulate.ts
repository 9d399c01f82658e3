/** What an item would earn by its terms, before it is sold: the bench's buyers haggle over it. */
import type { Terms } from '../asks.ts';
import { reserveOf } from '../asks.ts';
import { keyedJitter } from '../keyed-jitter.ts';
import { BUYERS, IMPATIENT, insider } from './buyers.ts';
import type { Figures, Played } from './figures.ts';
import { figuresOf, mean, meanFigures } from './figures.ts';
import type { Buyer } from './play.ts';
import { play } from './play.ts';
import { policySeller } from './seller.ts';

/** Draws of a buyer's value; each kind of buyer comes with all of them. */
const DRAWS = 400;
/** Values lie evenly between these shares of the floor and of the list price. */
const LOWEST_VALUE = 0.9;
const HIGHEST_VALUE = 1.1;

export interface Simulated extends Figures {
  readonly buyer: string;
  /** Mean price of the deals, minor units; 0 without any. */
  readonly priceMinor: number;
  /** Price − floor in the mean over all buyers who could have dealt, minor units. */
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

/**
 * Plays the bench's buyers on one item, with values of theirs at which a deal is possible.
 *
 * @param seed stands for the pricing secret and for chance: the same seed gives the same figures
 */
export function simulate(terms: Terms, seed: string): Simulation {
  const random = (name: string, i: number): number => keyedJitter(seed, name, String(i), 0);
  const low = LOWEST_VALUE * terms.floorMinor;
  const high = HIGHEST_VALUE * terms.baseMinor;
  const wanted = Array.from({ length: DRAWS }, (_, i) => ({
    terms,
    value: Math.round(low + random('value', i) * (high - low)),
    jitter: random('jitter', i),
  })).filter(({ value }) => value > terms.floorMinor);

  const playAll = (name: string, buyerOf: (jitter: number) => Buyer): Simulated => {
    const played = wanted.map((one) => ({
      ...one,
      haggle: play(policySeller(terms, one.jitter), buyerOf(one.jitter), one),
    }));
    return { buyer: name, ...figuresOf(played), ...earningsOf(played) };
  };
  const buyers = BUYERS.map((buyer) => playAll(buyer.name, () => buyer));
  return {
    buyers,
    mean: {
      buyer: 'mean',
      ...meanFigures(buyers),
      priceMinor: mean(buyers.map(({ priceMinor }) => priceMinor)),
      earnedMinor: mean(buyers.map(({ earnedMinor }) => earnedMinor)),
    },
    impatient: playAll(IMPATIENT.name, () => IMPATIENT),
    insider: playAll('knows the reserve', (jitter) => insider(reserveOf(terms, jitter))),
  };
}

function earningsOf(played: readonly Played[]): Pick<Simulated, 'priceMinor' | 'earnedMinor'> {
  const prices = played.flatMap(({ haggle }) => haggle.price ?? []);
  const earned = played.map(
    ({ haggle, terms }) => (haggle.price ?? terms.floorMinor) - terms.floorMinor,
  );
  return { priceMinor: mean(prices), earnedMinor: mean(earned) };
}
