/** Asks with an ending that people know from shops. */
import { currencyDigits } from '../money.ts';

/** Prices that are `offset` more than a multiple of `every`, in minor units. */
export interface Grid {
  readonly every: number;
  readonly offset: number;
}

/** @returns undefined where any price will do */
export function gridOf(
  ending: 'any' | '.99' | '.00' | '5' | null,
  currency: string,
): Grid | undefined {
  const major = 10 ** (currencyDigits(currency) ?? 0);
  if (ending === '5') return { every: 5 * major, offset: 0 };
  if (ending === '.00') return { every: major, offset: 0 };
  if (ending === '.99') return { every: major, offset: Math.trunc((99 * major) / 100) };
  return undefined;
}

/** The next price of the grid that is no lower. */
export function roundUp(minor: number, grid: Grid | undefined): number {
  if (!grid) return minor;
  const missing = (grid.offset - minor) % grid.every;
  return minor + (missing < 0 ? missing + grid.every : missing);
}
