/**
 * A query as it was meant: what programs and people do to a text on its way is undone where there is one way
 * to read it.
 */
import { quote } from '../typed-text.ts';
import { decodeTwice } from './encoded-twice.ts';
import { withoutMarks } from './unseen.ts';

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
};
const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp|shy)|#(\d{2,6})|#x([\da-f]{2,5}));/gi;
const TAG = new RegExp(String.raw`</?${HTML_TAG}\b[^<>]{0,200}>`, 'giu');
/** Control characters, which nobody sees. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/gu;

/** Letters with a blank between each two: `T e n t`. No language has four words of a letter in a row. */
const SPACED = String.raw`(?<![^\s(])\p{L}(?: \p{L}){3,}(?![^\s.,;:!?)])`;
export const SPACED_LETTERS = new RegExp(SPACED, 'u');
const SPACED_RUNS = new RegExp(SPACED, 'gu');
const ANY_SPACED = /^\p{L}(?: \p{L})+$/u;

/** In capitals, as search engines have it, and so no part of a name such as `Hotel Not Far`. */
const NOT = /(?<!\S)NOT(?=\s)/gu;

/** @returns the query without codes of characters, tags and blanks between its letters */
export function readQuery(query: string): string {
  const decoded = decodeCodes(decodeTwice(query) ?? query);
  const visible = withoutMarks(decoded.replace(CONTROL, ' '));
  return joinLetters(/\p{Ll}/u.test(visible) ? visible.replace(NOT, 'not') : visible);
}

/** Search engines leave out a word behind a dash; people write one between two things, with or without a blank. */
const DASHED = /(?<=\s|^)[-\u2212]"?\p{L}[\p{L}\p{M}\p{N}]*/u;

/** @returns why a query could say two things */
export function unclearQuery(query: string): string | undefined {
  const [dashed] = DASHED.exec(query) ?? [];
  if (dashed === undefined) return undefined;
  const word = dashed.replace(/^\P{L}+/u, '');
  return `has ${quote(dashed)}; write "not ${word}" where it is not wanted, or else without the dash`;
}

function decodeCodes(text: string): string {
  const decoded = decodePercent(text)
    .replace(ESCAPES, (_all, braced, four, two) => fromHex(braced ?? four ?? two) ?? ' ')
    .replace(TAG, ' ')
    .replace(ENTITY, (all, name: string | undefined, decimal, hex) =>
      name === undefined
        ? (fromCode(Number(decimal ?? `0x${hex}`)) ?? all)
        : (ENTITIES[name.toLowerCase()] ?? all),
    );
  // Half a character, or none, is nothing to look for.
  return decoded.isWellFormed() && !/[\0\uFFFD]/.test(decoded) ? decoded : text;
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

/**
 * Capitals alone may be codes, as in `vitamin A D E K`, and are one word only where nothing else stands.
 * Two blanks part words whose letters are spaced.
 */
function joinLetters(text: string): string {
  const composed = text.normalize('NFC').replace(/[^\S\n]/gu, ' ');
  if (!SPACED_LETTERS.test(composed)) return text;
  const words = composed.trim().split(/\s{2,}/u);
  if (words.every((word) => ANY_SPACED.test(word))) return words.map(joined).join(' ');
  return composed.replace(SPACED_RUNS, (run) => (/\p{Ll}|\p{Lo}/u.test(run) ? joined(run) : run));
}

/** A capital behind a small letter begins a word. */
const joined = (run: string): string =>
  run.replaceAll(' ', '').replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
