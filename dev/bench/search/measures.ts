/** These measures say how good a ranking is, by what was judged relevant; each is from 0 to 1. */

/** The grades of items by id: 3 is what was asked for, 1 is acceptable, and one that is absent is not. */
export type Grades = Readonly<Record<string, number>>;

const DEPTH = 10;

/** @returns 1 when the first item is one of the best that there are, else 0 */
export function hitAt1(ranking: readonly string[], grades: Grades): number {
  const best = Math.max(...Object.values(grades));
  return grades[ranking[0] ?? ''] === best ? 1 : 0;
}

/** @returns 1 / the place of the first relevant item (Voorhees, TREC-8, 1999) */
export function reciprocalRank(ranking: readonly string[], grades: Grades): number {
  const place = ranking.findIndex((id) => (grades[id] ?? 0) > 0);
  return place < 0 ? 0 : 1 / (place + 1);
}

/** @returns nDCG@10 with gains of 2^grade − 1 (Järvelin and Kekäläinen 2002; Burges et al. 2005) */
export function ndcg(ranking: readonly string[], grades: Grades): number {
  const ideal = Object.values(grades).toSorted((a, b) => b - a);
  return gainOf(ranking.map((id) => grades[id] ?? 0)) / gainOf(ideal);
}

function gainOf(grades: readonly number[]): number {
  return grades
    .slice(0, DEPTH)
    .reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);
}
