/** Words for counts. */

/** `812 × 200, 3 × 409`, the most frequent first. */
export function listOf(counts: Iterable<readonly [string, number]>): string {
  return [...counts]
    .filter(([, n]) => n > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, n]) => `${n} × ${name}`)
    .join(', ');
}

/** Prints what services said of the requests that they failed, the most frequent first. */
export function tellComplaints(complaints: ReadonlyMap<string, number>): void {
  for (const [why, n] of [...complaints].toSorted(([, a], [, b]) => b - a)) {
    console.log(`${String(n).padStart(6)} × ${why}`);
  }
}

/** Prints what an audit found. @returns true when every figure is 0 */
export function tellFigures(figures: Readonly<Record<string, number>>): boolean {
  for (const [what, figure] of Object.entries(figures)) {
    console.log(`${String(figure).padStart(6)}  ${what}`);
  }
  return Object.values(figures).every((figure) => figure === 0);
}
