/** Quotes that pair by chance, such as those of inches, and make one cell of the rows between them. */
import { ITEM_ID } from '@aura/proto/limits.ts';
import { readAmount } from '../amount.ts';
import { currencyDigits } from '../money.ts';
import { cleanText } from '../typed-text.ts';
import type { ColumnName } from './columns.ts';
import { REQUIRED } from './columns.ts';
import type { Row } from './header.ts';
import { columnNamed } from './header.ts';
import { signIn } from './safe-cell.ts';

const ID = new RegExp(ITEM_ID.pattern, 'u');

/**
 * Looks for a row of the file inside of a row of several lines. A text of several lines is no such
 * row: its first line and its last one both are like a row only when the quote around it is astray.
 *
 * @param lines of the row, as the file has them
 * @returns the place of the line that looks like a row of its own
 */
export function swallowedRow(
  lines: readonly string[],
  header: Row,
  separator: string,
): number | undefined {
  const cut = lines.map((line) => leniently(line, separator));
  const inner = cut.slice(1, -1).findIndex((cells) => looksLikeRow(cells, header.cells)) + 1;
  if (inner > 0) return inner;
  const [first = [], last = []] = [cut[0], cut.at(-1)];
  const isAstray = mayBeRow(first, header.cells) && looksLikeRow(last, header.cells);
  return isAstray ? lines.length - 1 : undefined;
}

/** The cells of a line of which a quote may be astray: a cell is quoted where its quotes are whole. */
function leniently(line: string, separator: string): readonly string[] {
  const sign = signIn(separator);
  const cell = new RegExp(
    `${sign}[^\\S${sign}]*("(?:[^"]|"")*"(?=\\s*(?:${sign}|$))|[^${sign}]*)`,
    'gu',
  );
  return [...`${separator}${line}`.matchAll(cell)].map(([, written = '']) => written);
}

/** Tells whether cells that were cut without regard to quotes are those of an item. */
function looksLikeRow(written: readonly string[], header: readonly string[]): boolean {
  const names = header.map(columnNamed);
  if (written.length < leastCells(header) || written.length > header.length) return false;
  const cellOf = (name: ColumnName): string => bare(written[names.indexOf(name)]);
  const currency = cellOf('currency');
  return (
    ID.test(cellOf('id')) &&
    currencyDigits(currency) !== undefined &&
    typeof readAmount(cellOf('price'), currency) === 'number'
  );
}

/** Tells whether they could be those of an item that has a separator too many, so that none is in its place. */
function mayBeRow(written: readonly string[], header: readonly string[]): boolean {
  const isCurrency = (cell: string): boolean => currencyDigits(bare(cell)) !== undefined;
  return written.length >= leastCells(header) && written.some(isCurrency);
}

/** A row reaches at least to the last column that an item must have. */
function leastCells(header: readonly string[]): number {
  const names = header.map(columnNamed);
  return Math.max(...REQUIRED.map((name) => names.indexOf(name))) + 1;
}

const bare = (cell = ''): string => cleanText(cell.replaceAll('"', ''));
