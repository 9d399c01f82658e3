/**
 * Cells that a spreadsheet would take for a formula. A file of CSV has an apostrophe in front of
 * them, and one more where there was one already, so that nothing is lost by the way back.
 */

/** Spreadsheets begin a formula with these, some of them in full width too, and behind blanks. */
const FORMULA = String.raw`'*\s*[=+\-@＝＋－＠\t\r\n]`;
const UNSAFE = new RegExp(`^${FORMULA}`, 'u');
const SAFE = new RegExp(`^'(?=${FORMULA})`, 'u');

/** A spreadsheet takes the text of such a formula as it is, so that a code keeps its zeros. */
const TEXT_TRICK = /^="((?:[^"]|"")*)"$/u;

export function toSafeCell(text: string): string {
  return UNSAFE.test(text) ? `'${text}` : text;
}

export function fromSafeCell(cell: string): string {
  const plain = fromTextTrick(cell);
  return plain === cell ? cell.replace(SAFE, '') : plain;
}

/** The text inside of `="0815"`, which programs write for spreadsheets. */
export function fromTextTrick(cell: string): string {
  return TEXT_TRICK.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;
}

/**
 * The same where a program wrote it without quotes around the cell, `,="0815",`, which is no CSV: as
 * quoted cells. A cell that is quoted already cannot have this in it, because its quotes are double.
 *
 * @param lines whole ones
 */
export function quoteTextTricks(lines: string, separator: string): string {
  if (!lines.includes('="')) return lines;
  const sign = signIn(separator);
  const bare = new RegExp(
    `(?<=^|[\\n${sign}])([^\\S\\n]*)="([^"\\n${sign}]+)"(?=[^\\S\\n]*(?:[\\n${sign}]|$))`,
    'gu',
  );
  return lines.replace(bare, '$1"$2"');
}

/** A separator as regular expressions have any character, in a class too. */
export const signIn = (separator: string): string =>
  `\\u{${(separator.codePointAt(0) ?? 0).toString(16)}}`;
