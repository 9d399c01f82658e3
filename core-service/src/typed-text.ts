/** Text as people type and paste it, before anything is read from it. */

/** Blanks, control characters and marks without a width, which no value begins or ends with. */
const MARGIN = String.raw`[\s\u0000-\u001F\u007F\u200B\u200E\u200F\u2060]+`;
const MARGINS = new RegExp(`^${MARGIN}|${MARGIN}$`, 'gu');
/** Keyboards for Chinese, Japanese and Korean write ASCII in the width of their own characters. */
const FULL_WIDTH = /[\uFF01-\uFF5E]/gu;
const FULL_WIDTH_OFFSET = 0xfee0;
/** Line feeds and tabs are text; the other control characters are none. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/u;
const MAX_QUOTED = 40;

/** The text without its margins, and with line feeds for all ends of lines. */
export function cleanText(text: string): string {
  return text.replace(MARGINS, '').replace(/\r\n?/g, '\n');
}

/** The text without its margins, and its full-width digits and signs as those of ASCII. */
export function foldWidth(text: string): string {
  const toAscii = (character: string): string =>
    String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET);
  return cleanText(text.replace(FULL_WIDTH, toAscii));
}

/** The first control character as `U+0007`. */
export function controlCharacter(text: string): string | undefined {
  const code = CONTROL.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text in quotes, at a length that fits into a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
