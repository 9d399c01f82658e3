/** Codes of characters, by which programs pass them through what takes nothing but ASCII or has a meaning for them. */

/** The names of HTML's tags that people meet in texts. */
export const HTML_TAG =
  '(?:p|br|b|i|u|em|strong|span|div|ul|ol|li|a|h[1-6]|font|table|t[dhr]|img|su[bp]|style|script|section|article|center|hr|pre|code|iframe|blockquote|o:p)';
/** No path, such as C:\new or \\host\new, stands before it. */
export const NO_PATH = String.raw`(?<!(?:\b[A-Za-z]:|\\(?=\\))(?:\\[\w\\ .-]*)?)`;

/** A text without a blank that has some as `%20`, or letters as the bytes of UTF-8, and is no address. */
const PERCENT =
  /^(?!\S*:\/\/)(?=\S*(?<!\d)%(?:20|C[2-9A-F]%[89AB][\dA-F]|[DEF][\dA-F]%[89AB][\dA-F]))\S+$/i;
const ESCAPES = new RegExp(
  String.raw`\\u\{([\da-fA-F]{1,6})\}|\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})|${NO_PATH}\\[rnt]`,
  'g',
);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '\u00AD',
  szlig: 'ß',
  aelig: 'æ',
  oslash: 'ø',
  euro: '€',
  pound: '£',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
};
/** What stands behind a letter in the name of one with a mark, such as `&uuml;`. */
const LETTER_MARKS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030A',
  caron: '\u030C',
  cedil: '\u0327',
};
const ENTITY = new RegExp(
  `&(?:(${Object.keys(ENTITIES).join('|')})|([a-z])(${Object.keys(LETTER_MARKS).join('|')})|#(\\d{2,6})|#x([\\da-f]{2,5}));`,
  'gi',
);
const TAG = new RegExp(String.raw`</?${HTML_TAG}\b[^<>]{0,200}>`, 'giu');

/** @returns the text with the characters that its codes stand for, and blanks for its tags */
export function decodeCodes(text: string): string {
  const decoded = decodePercent(text)
    .replace(ESCAPES, (_all, braced, four, two) => fromHex(braced ?? four ?? two) ?? ' ')
    .replace(TAG, ' ')
    // Text that was escaped twice.
    .replace(/&amp;(?=(?:#\d{2,6}|#x[\da-f]{2,5}|[a-z]{2,8});)/gi, '&')
    .replace(ENTITY, fromEntity);
  // Half a character, or none, is nothing to look for.
  return decoded.isWellFormed() && !/[\0\uFFFD]/.test(decoded) ? decoded : text;
}

/** @param parts of the code: its name, or a letter and its mark, or the number of a character */
function fromEntity(all: string, ...parts: readonly (string | undefined)[]): string {
  const [name, letter, mark, decimal, hex] = parts;
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
  if (letter !== undefined) return (letter + LETTER_MARKS[mark?.toLowerCase() ?? '']).normalize();
  return fromCode(Number(decimal ?? `0x${hex}`)) ?? all;
}

function decodePercent(text: string): string {
  if (!PERCENT.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const fromHex = (digits: string | undefined): string | undefined =>
  digits === undefined ? undefined : (fromCode(Number.parseInt(digits, 16)) ?? '\uFFFD');

const fromCode = (code: number): string | undefined =>
  code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;

/** @returns the first code of HTML in a text, such as `&amp;` */
export const htmlCode = (text: string): string | undefined => text.match(ENTITY)?.[0];
