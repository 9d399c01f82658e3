/** Buyers as they haggle in the bench and in simulations. Prices are whole minor units. */
import type { Buyer, View } from './play.ts';

const OPENING = 0.5;
const opening = ({ listPrice, value }: View): number => OPENING * Math.min(listPrice, value);

/**
 * A buyer that takes the ask where its own bid would be as high, and where the seller has no more
 * counter-offers to make and the ask is not above its value; else it leaves then.
 *
 * @param patience the last round it bids in by itself
 */
function honest(name: string, wish: (view: View) => number, patience?: number): Buyer {
  const bid = (view: View): number | undefined => {
    const { ask, value, round, rounds } = view;
    if (round > Math.min(rounds, patience ?? rounds)) return ask <= value ? ask : undefined;
    return Math.min(ask, value, wish(view));
  };
  return { name, bid };
}

/**
 * From the opening to the buyer's value: start + (n / N)^(1/β) · (value − start), after Faratin,
 * Sierra, Jennings, "Negotiation decision functions for autonomous agents", Robotics and Autonomous
 * Systems 24 (1998). β below 1 gives way late, above 1 early.
 */
const timeDependent =
  (beta: number) =>
  (view: View): number => {
    const start = opening(view);
    return start + (view.round / view.rounds) ** (1 / beta) * (view.value - start);
  };

/** Gives way by as much as the seller just did. */
function titForTat(view: View): number {
  const last = view.bids.at(-1);
  if (last === undefined) return opening(view);
  return last + ((view.asks.at(-2) ?? view.ask) - view.ask);
}

/** Half way between the own last bid and the ask. */
function splitTheDifference(view: View): number {
  return ((view.bids.at(-1) ?? opening(view)) + view.ask) / 2;
}

/** One low bid, then whatever the seller asks, as soon as it can be paid. */
function takeItAfterOneLowBall(view: View): number {
  return view.round === 1 ? opening(view) : view.value;
}

export const BUYERS: readonly Buyer[] = [
  honest('Boulware', timeDependent(0.3)),
  honest('linear', timeDependent(1)),
  honest('conceder', timeDependent(3)),
  honest('tit-for-tat', titForTat),
  honest('take it after one low ball', takeItAfterOneLowBall),
  honest('patient low-baller', opening),
  honest('split the difference', splitTheDifference),
  honest('bid your budget', ({ value }) => value),
];

/** The number of bids that an impatient buyer makes; it then takes the ask or leaves. */
const PATIENCE = 3;

/** Comes to its value in three equal steps, and stays for no fourth. */
export const IMPATIENT = honest(
  'impatient, three bids',
  (view) => opening(view) + (view.round / PATIENCE) * (view.value - opening(view)),
  PATIENCE,
);

/** Bids the reserve from the first round on, or less where it is worth less. */
export function insider(reserveMinor: number): Buyer {
  return honest('knows the reserve', () => reserveMinor);
}
