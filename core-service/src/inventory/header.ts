/** The header of a CSV file: which line it is, and what is wrong with it. */
import { cleanText } from '../typed-text.ts';
import type { ColumnName } from './columns.ts';
import { COLUMN_NAMES, REQUIRED } from './columns.ts';
import type { Problem } from './item-row.ts';

/** A row of a file, cut into its cells. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  /** The lines of a row that has several, as the file has them. */
  readonly lines?: readonly string[];
}

/** A header is looked for in this many lines. */
const MAX_LINES = 20;
/** A line before the header that has more cells than this is an item and no title. */
const MAX_TITLE_CELLS = 3;
/** A line is taken for a header whose quotes are wrong when it has at least this many columns. */
const MIN_NAMES = 3;
const OTHER_QUOTES = /^['`‘’‚‛“”„‟«»](.*)['`‘’“”«»]$/u;
/** The reason of a row whose quotes stand around all of its cells. */
export const QUOTED_WHOLE =
  'has quotes around the whole line, which make it one cell: take the first and the last quote of each line away, and write "" as "';
/** A header's name is told of up to this many characters. */
const MAX_NAME = 64;

const byFoldedName = new Map<string, ColumnName>(COLUMN_NAMES.map((name) => [fold(name), name]));

/** The column that a header means, in any case and with blanks or hyphens for underscores. */
export function columnNamed(name: string): ColumnName | undefined {
  return byFoldedName.get(fold(name));
}

/** `A`, `B`, …, `AA`, as spreadsheets name columns. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/**
 * Finds the header among the first rows, which titles may precede.
 *
 * @param isEnd whether there are no more rows
 * @returns undefined while more rows are needed
 */
export function findHeader(rows: readonly Row[], isEnd: boolean): Row | undefined {
  const whole = rows.find(isWhole);
  if (whole || rows.length === 0) return whole;
  if (!isEnd && rows.length < MAX_LINES) return undefined;
  const likeness = ({ cells }: Row): number =>
    quoteProblem(cells) === undefined ? namesIn(cells) : MIN_NAMES;
  return rows.toSorted((a, b) => likeness(b) - likeness(a))[0];
}

/** Tells whether a row names all columns that an item must have. */
export function isWhole({ cells }: Row): boolean {
  const names = new Set(cells.map(columnNamed));
  return REQUIRED.every((name) => names.has(name));
}

/** A mistake in the header is told once, not for each line. */
export function problemsOf({ line, cells }: Row, titles: readonly Row[]): readonly Problem[] {
  const names = cells.map(columnNamed);
  const quoted = quoteProblem(cells);
  if (quoted !== undefined) return [{ line, reason: quoted }];
  if (namesIn(cells) < 2) {
    const reason = `is no header: a line with the columns ${REQUIRED.join(', ')} must come first`;
    return [{ line, reason }];
  }
  const missing = REQUIRED.filter((name) => !names.includes(name));
  return [
    ...titles
      .filter((row) => row.cells.filter(Boolean).length > MAX_TITLE_CELLS)
      .map((row) => ({ line: row.line, reason: `stands above the header, which is line ${line}` })),
    ...missing.map((column) => ({ line, column, reason: 'is missing' })),
    ...cells.flatMap((cell, i) => {
      if (cell === '') return [];
      const column = names[i] ?? cell.slice(0, MAX_NAME);
      const first = cells.findIndex((each) => fold(each) === fold(cell));
      const reason =
        first < i
          ? `is there twice, in columns ${letterOf(first)} and ${letterOf(i)}`
          : `is none of ${COLUMN_NAMES.join(', ')}`;
      return first < i || names[i] === undefined ? [{ line, column, reason }] : [];
    }),
  ];
}

/** Names that the wrong quotes, or quotes at the wrong place, make unknown. */
function quoteProblem(cells: readonly string[]): string | undefined {
  const [first = '', ...rest] = cells.filter(Boolean);
  if (rest.length === 0 && namesIn(first.split(/[,;\t|]/)) >= MIN_NAMES) return QUOTED_WHOLE;
  const bare = cells.map((cell) => cell.replace(OTHER_QUOTES, '$1'));
  return namesIn(bare) >= MIN_NAMES && namesIn(bare) > namesIn(cells)
    ? `has its names in quotes such as ${first.slice(0, 1)}, here and perhaps below; CSV has the straight double ones, "`
    : undefined;
}

/** A name as people write it in many ways: `Opening Ratio`, `opening-ratio` and `openingRatio`. */
function fold(name: string): string {
  return cleanText(name)
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

/** Counts the columns of an item that the cells name. */
export function namesIn(cells: readonly string[]): number {
  return new Set(cells.map(columnNamed).filter(Boolean)).size;
}
