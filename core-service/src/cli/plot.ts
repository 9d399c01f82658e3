/** A plot of a few series for a terminal. */

export interface Series {
  readonly mark: string;
  /** One value a column; NaN leaves it empty. */
  readonly values: readonly number[];
}

/** Lines between the highest and the lowest value. */
const HEIGHT = 10;
/** Characters of a column. */
const WIDTH = 3;

/** @param label writes a value beside its line */
export function plotLines(series: readonly Series[], label: (value: number) => string): string[] {
  const values = series.flatMap((one) => one.values).filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const columns = Math.max(...series.map((one) => one.values.length));
  const at = (value: number): number =>
    high === low ? 0 : Math.round(((high - value) / (high - low)) * HEIGHT);
  const lines = Array.from({ length: high === low ? 1 : HEIGHT + 1 }, (_, y) => {
    const marks = Array.from({ length: columns }, (__, x) => {
      const here = series.findLast((one) => at(one.values[x] ?? Number.NaN) === y);
      return (here?.mark ?? ' ').padStart(WIDTH);
    });
    return { value: Math.round(high - (y / HEIGHT) * (high - low)), marks: marks.join('') };
  });
  const width = Math.max(...lines.map(({ value }) => label(value).length));
  const axis = Array.from({ length: columns }, (_, x) => String(x).padStart(WIDTH)).join('');
  return [
    ...lines.map(({ value, marks }) => `  ${label(value).padStart(width)} │${marks}`.trimEnd()),
    `  ${' '.repeat(width)} └${axis}`,
  ];
}
