/** The header of a CSV file: which separator it has, which line it is, and what is wrong with it. */
import { cleanText } from '../typed-text.ts';
import type { ColumnName } from './columns.ts';
import { COLUMN_NAMES, REQUIRED } from './columns.ts';
import type { Problem } from './item-row.ts';

/** A line of a file, cut into its cells. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Spreadsheets separate by what their user's language does not use in numbers. */
const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Excel reads and writes a first line that names the separator. */
const SEPARATOR_LINE = /^\s*"?sep=([^\n"])"?[,;\t|]*[^\S\n]*(?:\n|$)/i;
/** A header is looked for in this many lines. */
const MAX_LINES = 20;
/** A line before the header that has more cells than this is an item and no title. */
const MAX_TITLE_CELLS = 3;
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

/** @param head the beginning of a file; the line with most names of columns tells the separator */
export function separatorOf(head: string): string {
  const named = SEPARATOR_LINE.exec(head)?.[1];
  if (named !== undefined) return named;
  const lines = head.split('\n', MAX_LINES).filter((line) => line.trim() !== '');
  const counts = SEPARATORS.map((each) => ({
    each,
    names: Math.max(0, ...lines.map((line) => namesIn(unquoted(line.split(each))))),
    cells: lines[0]?.split(each).length ?? 0,
  }));
  const [best] = counts.toSorted((a, b) => b.names - a.names || b.cells - a.cells);
  return best?.each ?? ',';
}

/** Tells whether a row does nothing but name the separator. */
export function isSeparatorLine({ cells }: Row): boolean {
  return /^sep=.?$/i.test(cells[0] ?? '') && cells.slice(1).every((cell) => cell === '');
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
  return rows.toSorted((a, b) => namesIn(b.cells) - namesIn(a.cells))[0];
}

/** Whether a row names all columns that an item must have. */
export function isWhole({ cells }: Row): boolean {
  const names = new Set(cells.map(columnNamed));
  return REQUIRED.every((name) => names.has(name));
}

/** A mistake in the header is told once, not for each line. */
export function problemsOf({ line, cells }: Row, titles: readonly Row[]): readonly Problem[] {
  const names = cells.map(columnNamed);
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

/** A name as people write it in many ways: `Opening Ratio`, `opening-ratio` and `openingRatio`. */
function fold(name: string): string {
  return cleanText(name)
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

function namesIn(cells: readonly string[]): number {
  return new Set(cells.map(columnNamed).filter(Boolean)).size;
}

const unquoted = (cells: readonly string[]): string[] =>
  cells.map((cell) => cell.replace(/^\s*"(.*)"\s*$/, '$1'));
