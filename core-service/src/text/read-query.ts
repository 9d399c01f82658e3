/**
 * A query as it was meant: what programs and people do to a text on its way is undone where there is one way
 * to read it.
 */
import { quote } from '../typed-text.ts';
import { decodeCodes } from './character-codes.ts';
import { decodeTwice } from './encoded-twice.ts';
import { withoutMarks } from './unseen.ts';

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

/** @returns the name or the value of a filter without codes of characters and tags; its words stay as they are */
export function readValue(value: string): string {
  const decoded = decodeCodes(decodeTwice(value) ?? value);
  return decoded === value ? value : withoutMarks(decoded.replace(CONTROL, ' ')).trim();
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
