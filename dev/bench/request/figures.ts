/** Medians, percentiles and paired ratios. */

/** A figure of several rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws RangeError without values */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) throw new RangeError('no values');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? most;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? least;
  return { median: (lower + upper) / 2, least, most };
}

/**
 * The value that this share of the values does not exceed, by the nearest-rank method.
 *
 * @param sorted ascending
 * @param share above 0, up to 1
 * @returns NaN without values
 */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

/**
 * Ratios of figures that were measured in the same round, one after the other: what slows the whole
 * machine for a while slows both.
 *
 * @returns no ratio for a round of which one figure was not seen
 */
export function pairedRatios(
  values: readonly (number | undefined)[],
  base: readonly (number | undefined)[],
): number[] {
  return values.flatMap((value, i) => {
    const other = base[i];
    return value === undefined || other === undefined ? [] : [value / other];
  });
}
