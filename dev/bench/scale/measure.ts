/** How long searches take, and how many of the right ones are found. */

export type Search = (i: number) => Promise<readonly string[]>;

export interface Measured {
  /** Ids that each query found. */
  readonly found: readonly (readonly string[])[];
  /** p50, p95 and p99, in milliseconds. */
  readonly percentiles: readonly number[];
}

/** Searches that are not counted, in which Postgres plans what it keeps. */
const WARM_UP = 10;

export async function measure(search: Search, queries: number): Promise<Measured> {
  for (let i = 0; i < WARM_UP; i++) await search(i % queries);
  const times: number[] = [];
  const found: (readonly string[])[] = [];
  for (let i = 0; i < queries; i++) {
    const started = performance.now();
    found.push(await search(i));
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const percentiles = [0.5, 0.95, 0.99].map((p) => times[Math.floor(p * queries)] ?? 0);
  return { found, percentiles };
}

/** @returns the share of the items nearest in truth that were found */
export function recall(found: Measured['found'], exact: Measured['found']): number {
  const shares = exact.map((ids, i) => {
    const hits = ids.filter((id) => found[i]?.includes(id)).length;
    return ids.length === 0 ? 1 : hits / ids.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

export const ms = (values: readonly number[]): string =>
  values.map((each) => each.toFixed(1).padStart(7)).join('');

export function printRow(name: string, ...cells: readonly (string | number)[]): void {
  console.log(name.padEnd(26) + cells.map((cell) => String(cell).padStart(24)).join(''));
}
