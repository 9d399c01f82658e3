/** Marks that nobody sees, and that part for a program what is one word for a reader. */
import { encodedTwiceByBytes } from './encoded-twice.ts';

/** Places where a line may break, as web pages and PDFs have them, and where it may not; byte order marks. */
const BREAKS = /[\u00AD\u200B\u2060-\u2064\uFEFF]/gu;
/** These shape letters of Arabic and India, and join emoji; in these scripts they are left of a layout. */
const PLAIN = String.raw`[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]`;
const JOINERS = new RegExp(
  String.raw`(?<=${PLAIN}\p{M}*)[\u200C\u200D]+|[\u200C\u200D]+(?=${PLAIN})`,
  'gu',
);
/** Marks that turn the direction of writing. */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** Marks that say the direction of their place alone, and turn nothing that follows. */
const SIDES = /[\u061C\u200E\u200F]/gu;

/**
 * The text with each word in one piece. A text whose encoding was mistaken keeps its marks, which are letters
 * there, and by which it is told.
 */
export function joinWords(text: string): string {
  const joined = text.replace(BREAKS, '').replace(JOINERS, '');
  return joined === text || encodedTwiceByBytes(text) !== undefined ? text : joined;
}

/** The same without any mark of direction, for what is compared and not shown. */
export const withoutMarks = (text: string): string => joinWords(text.replace(DIRECTION, ''));

/** The same with those that turn what follows, which can make a text look like another one. */
export const withoutSides = (text: string): string => joinWords(text.replace(SIDES, ''));
