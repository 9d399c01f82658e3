import type { Buyer } from './buyers.ts';
import type { Case } from './cases.ts';
import type { Seller } from './sellers.ts';

export interface Haggle {
  /** Undefined when there was no deal. */
  readonly price: number | undefined;
  readonly rounds: number;
  /** The list price first, then each counter-offer. */
  readonly asks: readonly number[];
  readonly bids: readonly number[];
}

/**
 * One haggle. A buyer takes the ask where its own bid would be as high, and where the seller has
 * no more counter-offers to make and the ask is not above its value; else it leaves then.
 */
export async function play(seller: Seller, buyer: Buyer, { terms, value }: Case): Promise<Haggle> {
  const asks = [terms.baseMinor];
  const bids: number[] = [];
  const { baseMinor: listPrice, rounds } = terms;
  for (let round = 1; round <= rounds + 1; round++) {
    const ask = asks.at(-1) ?? listPrice;
    const last = round > rounds;
    const view = { listPrice, value, ask, asks, bids, round, rounds };
    const wish = Math.min(value, Math.max(1, Math.round(buyer.bid(view))));
    if (last && ask > value) break;
    const bid = last ? ask : Math.min(wish, ask);
    bids.push(bid);
    const answer = await seller(bid);
    if (answer.kind === 'deal') return { price: answer.price, rounds: round, asks, bids };
    if (answer.kind === 'end') break;
    asks.push(answer.ask);
  }
  return { price: undefined, rounds: bids.length, asks, bids };
}
