/** The separator of a CSV file: which one it has, and one that was meant but is not read. */
import type { Row } from './header.ts';
import { namesIn } from './header.ts';

/** Spreadsheets separate by what their user's language does not use in numbers. */
const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Excel reads and writes a first line that names the separator. */
const SEPARATOR_LINE = /^\s*"?sep=([^\n"])"?[,;\t|]*[^\S\n]*(?:\n|$)/i;
/** The separator is looked for in this many lines. */
const MAX_LINES = 20;
/** A line by a separator that is not read is a header when it has at least this many columns. */
const MIN_NAMES = 3;

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
 * Finds a header whose names another separator tells apart.
 *
 * @param isNamed whether the file names its separator on its first line
 */
export function otherSeparator(
  rows: readonly Row[],
  separator: string,
  isNamed: boolean,
): { readonly line: number; readonly reason: string } | undefined {
  const [best] = rows
    .flatMap(({ line, cells }) => {
      const text = cells.join(separator);
      const signs = new Set(text.match(/[^\p{L}\p{N}_"'`‘’‚‛“”„‟«»-]/gu));
      signs.delete(separator);
      return [...signs].map((sign) => ({ line, sign, names: namesIn(unquoted(text.split(sign))) }));
    })
    .toSorted((a, b) => b.names - a.names);
  const names = Math.max(0, ...rows.map(({ cells }) => namesIn(cells)));
  if (!best || best.names < MIN_NAMES || best.names <= names) return undefined;
  const { line, sign } = best;
  const seen = `separates its names by ${nameOf(sign)}`;
  if (isNamed) {
    const todo = `take that line away, or write sep=${sign}`;
    return { line, reason: `${seen}, but the first line says sep=${separator}: ${todo}` };
  }
  const others = sign.trim() === '' ? '' : `, and others when the first line says sep=${sign}`;
  return { line, reason: `${seen}; comma, semicolon, tab and | are read${others}` };
}

function nameOf(sign: string): string {
  const names: Readonly<Record<string, string>> = { ' ': 'blanks', '\t': 'tabs' };
  return names[sign] ?? JSON.stringify(sign);
}

const unquoted = (cells: readonly string[]): string[] =>
  cells.map((cell) => cell.replace(/^\s*"(.*)"\s*$/, '$1'));
