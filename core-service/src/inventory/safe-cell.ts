/**
 * Cells that a spreadsheet would take for a formula. A file of CSV has an apostrophe in front of
 * them, and one more where there was one already, so that nothing is lost by the way back.
 */

/** Spreadsheets begin a formula with these, some of them in full width too, and behind blanks. */
const FORMULA = String.raw`'*\s*[=+\-@＝＋－＠\t\r\n]`;
const UNSAFE = new RegExp(`^${FORMULA}`, 'u');
const SAFE = new RegExp(`^'(?=${FORMULA})`, 'u');

export function toSafeCell(text: string): string {
  return UNSAFE.test(text) ? `'${text}` : text;
}

export function fromSafeCell(cell: string): string {
  return cell.replace(SAFE, '');
}
