/** What a margin costs in deals, and what it saves from the adversary. */
import type { Figures } from '../../../core-service/src/negotiation/simulate/figures.ts';
import { ITEMS, possibleCases, sample } from './cases.ts';
import { measureEight } from './measure.ts';
import { auraPolicy } from './policies.ts';
import { printRow } from './report.ts';
import { QUICK, searchWorst } from './search.ts';

const MARGINS = [0, 0.05, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4];

export interface TradeOff {
  readonly margin: number;
  readonly eight: Figures;
  /** The seller's share against the worst strategy in one session, and that returns once. */
  readonly worst: number;
  readonly returning: number;
}

/** Prints and returns a point for each margin. */
export function tradeOff(count: number): TradeOff[] {
  const head = ['deals lost', 'share', 'share × deals', 'worst', 'returning'];
  printRow('\nwhat a margin costs', ...head);
  return MARGINS.map((margin) => {
    const cases = sample(possibleCases(ITEMS, { margin }), count);
    const eight = measureEight(auraPolicy, cases);
    const worst = searchWorst(auraPolicy, cases, QUICK, false).figures.share;
    const returning = searchWorst(auraPolicy, cases, QUICK, true).figures.share;
    const { share, deals } = eight;
    const cells = [1 - deals, share, share * deals, worst, returning];
    printRow(`margin ${margin}`, ...cells.map((cell) => cell.toFixed(3)));
    return { margin, eight, worst, returning };
  });
}
