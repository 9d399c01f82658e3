/** One haggle between a seller and a buyer. Prices are whole minor units. */

/** A seller answers a bid with a deal at a price, a new ask, or the end. */
export type Answer =
  | { readonly kind: 'deal'; readonly price: number }
  | { readonly kind: 'ask'; readonly ask: number }
  | { readonly kind: 'end' };

/** A buyer knows this and nothing else. */
export interface View {
  readonly listPrice: number;
  /** The item is worth this to the buyer, who bids no more. */
  readonly value: number;
  /** The seller's live ask; the list price before the first bid. */
  readonly ask: number;
  /** The seller's asks so far, the list price first. */
  readonly asks: readonly number[];
  /** The buyer's own bids so far. */
  readonly bids: readonly number[];
  /** The number of the bid that is due, from 1. */
  readonly round: number;
  /** The seller makes no counter-offer any more after so many. */
  readonly rounds: number;
}

export interface Buyer {
  readonly name: string;
  /** @returns the bid that is due, or undefined when the buyer leaves */
  readonly bid: (view: View) => number | undefined;
}

export interface Haggle {
  /** Undefined when there was no deal. */
  readonly price: number | undefined;
  readonly rounds: number;
  /** The list price first, then each counter-offer. */
  readonly asks: readonly number[];
  readonly bids: readonly number[];
}

export interface Wanted {
  readonly terms: { readonly baseMinor: number; readonly rounds: number };
  readonly value: number;
}

/** The buyer's side of a haggle: yields each bid and wants the seller's answer to it. */
export function* haggling(
  buyer: Buyer,
  { terms, value }: Wanted,
): Generator<number, Haggle, Answer> {
  const { baseMinor: listPrice, rounds } = terms;
  const asks = [listPrice];
  const bids: number[] = [];
  for (let round = 1; round <= rounds + 1; round++) {
    const ask = asks.at(-1) ?? listPrice;
    const wish = buyer.bid({ listPrice, value, ask, asks, bids, round, rounds });
    if (wish === undefined) break;
    const bid = Math.min(value, Math.max(1, Math.round(wish)));
    bids.push(bid);
    const answer = yield bid;
    if (answer.kind === 'deal') return { price: answer.price, rounds: round, asks, bids };
    if (answer.kind === 'end') break;
    asks.push(answer.ask);
  }
  return { price: undefined, rounds: bids.length, asks, bids };
}

/** Plays a haggle with a seller that answers at once. */
export function play(seller: (bid: number) => Answer, buyer: Buyer, wanted: Wanted): Haggle {
  const bidder = haggling(buyer, wanted);
  let step = bidder.next();
  while (step.done !== true) step = bidder.next(seller(step.value));
  return step.value;
}

/** Plays each of these haggles, with a seller and a buyer of its own. */
export function playEach<One extends Wanted>(
  wanted: readonly One[],
  sellerOf: (one: One) => (bid: number) => Answer,
  buyerOf: (one: One) => Buyer,
): (One & { readonly haggle: Haggle })[] {
  return wanted.map((one) => ({ ...one, haggle: play(sellerOf(one), buyerOf(one), one) }));
}
