/** Buyers as they haggle in the bench. Prices are whole minor units. */

/** All that a buyer knows. */
interface View {
  readonly listPrice: number;
  /** What the item is worth to the buyer: no bid is higher. */
  readonly value: number;
  /** The seller's live ask; the list price before the first bid. */
  readonly ask: number;
  /** The seller's asks so far, the list price first. */
  readonly asks: readonly number[];
  /** The buyer's own bids so far. */
  readonly bids: readonly number[];
  /** Of the bid that is due, from 1. */
  readonly round: number;
  /** After so many counter-offers the seller makes none any more. */
  readonly rounds: number;
}

export interface Buyer {
  readonly name: string;
  /** What the buyer would bid by itself; it takes the ask instead where that is no more. */
  readonly bid: (view: View) => number;
}

const OPENING = 0.5;
const opening = ({ listPrice, value }: View): number => OPENING * Math.min(listPrice, value);

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

/** The same low bid until the last offer. */
function patientLowBaller(view: View): number {
  return view.round > view.rounds ? view.value : opening(view);
}

export const BUYERS: readonly Buyer[] = [
  { name: 'Boulware', bid: timeDependent(0.3) },
  { name: 'linear', bid: timeDependent(1) },
  { name: 'conceder', bid: timeDependent(3) },
  { name: 'tit-for-tat', bid: titForTat },
  { name: 'take it after one low ball', bid: takeItAfterOneLowBall },
  { name: 'patient low-baller', bid: patientLowBaller },
  { name: 'split the difference', bid: splitTheDifference },
  { name: 'bid your budget', bid: ({ value }) => value },
];
