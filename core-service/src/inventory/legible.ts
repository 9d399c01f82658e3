/** Texts and words that cannot have been meant, though they can be read. */
import { bidirectionalMark, controlCharacter, invisibleCharacter } from '../typed-text.ts';

/** A spreadsheet writes these where a formula failed, in the language of its user, or a column is narrow. */
const NAMES = String.raw`N\/A|N\/D|REF!|BEZUG!|RIF!|¡REF!|VALUE!|WERT!|VALEUR!|VALORE!|¡VALOR!|NAME\?|NOM\?|NOME\?|¿NOMBRE\?|DIV\/0!|¡DIV\/0!|NULL!|NUL!|¡NULO!|NUM!|ZAHL!|NOMBRE!|¡NUM!|SPILL!|ÜBERLAUF!|CALC!|FIELD!|BUSY!|BLOCKED!|CONNECT!|UNKNOWN!|ERROR!|GETTING_DATA`;
const SHEET_ERROR = new RegExp(String.raw`^(?:#(?:NV|${NAMES})|#{3,}|Err:5\d\d)$`, 'iu');
/** Inside of a text only what no hashtag and no heading looks like. */
export const SHEET_ERROR_INSIDE = new RegExp(`#(?:${NAMES})`, 'u');

/** @returns why a text cannot have been meant, or Postgres would refuse it */
export function illegible(value: string): string | undefined {
  const control = controlCharacter(value);
  if (control !== undefined) return `has the control character ${control}`;
  const mark = bidirectionalMark(value);
  if (mark !== undefined)
    return `has ${mark}, which turns the direction of what follows: delete it`;
  if (!value.isWellFormed()) return 'has half a character';
  if (value.includes('\uFFFD')) return 'has U+FFFD, which stands where a character was lost';
  return sheetError(value);
}

/** @returns why a code or a number cannot have been meant: nobody sees what makes it another one */
export function illegibleCode(value: string): string | undefined {
  const hidden = invisibleCharacter(value);
  return hidden === undefined ? sheetError(value) : `has the invisible character ${hidden}`;
}

function sheetError(value: string): string | undefined {
  return SHEET_ERROR.test(value) ? `is a spreadsheet's error, ${value.slice(0, 20)}` : undefined;
}
