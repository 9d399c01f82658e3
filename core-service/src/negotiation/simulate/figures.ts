/** A seller got this out of haggles in which a deal was possible. */
import type { Terms } from '../../terms.ts';
import type { Haggle } from './play.ts';

/** A haggle with what only the bench knows of it; the value lies above the floor. */
export interface Played {
  readonly haggle: Haggle;
  readonly terms: Pick<Terms, 'baseMinor' | 'floorMinor' | 'margin' | 'marginMinor'>;
  readonly value: number;
}

export interface Figures {
  /** The seller's part of what there was to share, over the deals. */
  readonly share: number;
  /** Deals out of all. */
  readonly deals: number;
  /** Deals out of those whose value reached the floor and the margin. */
  readonly dealsInMargin: number;
  /** Bids until the deal. */
  readonly rounds: number;
  /** The buyer's part of what there was to share, over all: nothing without a deal. */
  readonly gain: number;
}

/**
 * The seller's part of what there is to share, between the floor and the lower of value and list
 * price: nobody pays more than that. All of it where there is nothing to share.
 */
function shareOf({ terms, value }: Played, price: number): number {
  const surplus = Math.min(value, terms.baseMinor) - terms.floorMinor;
  return surplus === 0 ? 1 : (price - terms.floorMinor) / surplus;
}

function isInMargin({ terms, value }: Played): boolean {
  const { baseMinor, floorMinor, margin, marginMinor } = terms;
  return value >= floorMinor + Math.max(marginMinor, margin * (baseMinor - floorMinor));
}

/** @param played at least one */
export function figuresOf(played: readonly Played[]): Figures {
  const shares: number[] = [];
  const rounds: number[] = [];
  let [gain, eligible, eligibleDeals] = [0, 0, 0];
  for (const one of played) {
    const { price } = one.haggle;
    const inMargin = isInMargin(one) ? 1 : 0;
    eligible += inMargin;
    if (price === undefined) continue;
    eligibleDeals += inMargin;
    const share = shareOf(one, price);
    shares.push(share);
    rounds.push(one.haggle.rounds);
    gain += 1 - share;
  }
  return {
    share: mean(shares),
    deals: shares.length / played.length,
    dealsInMargin: eligibleDeals / Math.max(1, eligible),
    rounds: mean(rounds),
    gain: gain / played.length,
  };
}

export function meanFigures(each: readonly Figures[]): Figures {
  const of = (name: keyof Figures): number => mean(each.map((figures) => figures[name]));
  return {
    share: of('share'),
    deals: of('deals'),
    dealsInMargin: of('dealsInMargin'),
    rounds: of('rounds'),
    gain: of('gain'),
  };
}

/** Zero of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
