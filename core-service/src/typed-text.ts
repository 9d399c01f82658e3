/** Text as people type and paste it, before anything is read from it. */

/** Blanks, control characters and marks without a width, which no value begins or ends with. */
const MARGIN = String.raw`[\s\u0000-\u001F\u007F\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F]+`;
const MARGINS = new RegExp(`^${MARGIN}|${MARGIN}$`, 'gu');
/** Keyboards for Chinese, Japanese and Korean write ASCII in the width of their own characters. */
const FULL_WIDTH = /[\uFF01-\uFF5E]/gu;
const FULL_WIDTH_OFFSET = 0xfee0;
/** Line feeds and tabs are text; the other control characters are none. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/u;
/** Marks that turn the direction of what follows, so that it reads as something else. */
const BIDIRECTIONAL = /[\u202A-\u202E\u2066-\u2069]/u;
/** Characters that nobody sees, apart from blanks, tabs and line feeds. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}]/u;
/** Characters that nobody sees in quotes either, apart from those that join emoji and letters. */
const UNSEEN = /(?![\u200C\u200D])[\p{Cf}\p{Zl}\p{Zp}]/gu;
const MAX_QUOTED = 40;

/** The text without its margins. */
export const trimText = (text: string): string => text.replace(MARGINS, '');

/** The same with line feeds for all ends of lines and paragraphs. */
export function cleanText(text: string): string {
  return trimText(text).replace(/\r\n?|[\u2028\u2029]/g, '\n');
}

/** The text without its margins, and its full-width digits and signs as those of ASCII. */
export function foldWidth(text: string): string {
  const toAscii = (character: string): string =>
    String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET);
  return cleanText(text.replace(FULL_WIDTH, toAscii));
}

/** The first control character as `U+0007`. */
export const controlCharacter = (text: string): string | undefined => firstOf(CONTROL, text);

/** The first mark that turns the direction of writing as `U+202E`. */
export const bidirectionalMark = (text: string): string | undefined => firstOf(BIDIRECTIONAL, text);

/** The first character that nobody sees as `U+202A`. */
export const invisibleCharacter = (text: string): string | undefined => firstOf(INVISIBLE, text);

function firstOf(kind: RegExp, text: string): string | undefined {
  const found = kind.exec(text)?.[0];
  return found === undefined ? undefined : `U+${hexOf(found)}`;
}

/** The text in quotes, at a length that fits into a line, and with what nobody sees written out. */
export function quote(text: string): string {
  const short = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  return JSON.stringify(short).replace(UNSEEN, (character) => `\\u${hexOf(character)}`);
}

const hexOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
