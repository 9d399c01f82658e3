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
 * row: its first line or its last one is a row by itself only when the quote around it is astray.
 *
 * @param lines of the row, as the file has them
 * @returns the place of the line that looks like a row of its own
 */
export function swallowedRow(
  lines: readonly string[],
  header: Row,
  separator: string,
): number | undefined {
  const looks = (line: string | undefined): boolean =>
    line !== undefined && looksLikeRow(leniently(line, separator), header.cells);
  const inner = lines.slice(1, -1).findIndex(looks) + 1;
  if (inner > 0) return inner;
  return looks(lines[0]) && looks(lines.at(-1)) ? lines.length - 1 : undefined;
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

/** Whether cells that were cut without regard to quotes are those of an item. */
function looksLikeRow(written: readonly string[], header: readonly string[]): boolean {
  const names = header.map(columnNamed);
  const least = Math.max(...REQUIRED.map((name) => names.indexOf(name))) + 1;
  if (written.length < least || written.length > header.length) return false;
  const cellOf = (name: ColumnName): string =>
    cleanText((written[names.indexOf(name)] ?? '').replaceAll('"', ''));
  const currency = cellOf('currency');
  const isCurrency = currencyDigits(currency) !== undefined;
  const isPrice = typeof readAmount(cellOf('price'), isCurrency ? currency : 'USD') === 'number';
  return ID.test(cellOf('id')) && isPrice && isCurrency;
}
