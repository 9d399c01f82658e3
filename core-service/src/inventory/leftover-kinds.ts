/** The kinds of what exports of other programs leave in texts, by how they look. */
import { HTML_TAG, NO_PATH } from '../text/character-codes.ts';
import { encodedTwice } from '../text/encoded-twice.ts';
import { SPACED_LETTERS } from '../text/read-query.ts';
import {
  PLACEHOLDER,
  PROGRAM_DATA,
  PROGRAM_ERROR,
  PROGRAM_OBJECT,
  TEMPLATE_MARK,
} from '../text/unfilled.ts';
import { SHEET_ERROR_INSIDE } from './legible.ts';

/** Codes of characters, by which programs pass them through what takes nothing but ASCII. */
const CODES = [
  // Programs write \u00e9, \u{e9}, \U0001F600, \xe9 and the octal \303\251; databases drop the backslash.
  String.raw`\\u[\da-fA-F]{4}|\\[ux]\{[\da-fA-F]{1,6}\}|\\U[\da-fA-F]{8}|\\x[\da-fA-F]{2}`,
  String.raw`(?:\\[23][0-7]{2}){2}|(?<=\p{L})u00[89a-f][\da-f]`,
  // Mail has =C3=A9, =FC inside of a word, =3D, and a blank before the end of a line; headers have =?utf-8?Q?…?=.
  String.raw`(?:=[C-F][\dA-F])(?:=[89AB][\dA-F])+|(?<=\p{Ll})=[C-F][\dA-F](?=[\p{Ll}\s.,]|$)`,
  String.raw`=3D|=20(?=\n|$)|=\?[\w-]+\?[QBqb]\?|\+A[M-P][AEIMQUYcgkosw048]-`,
  // A URL in a text may have such codes; so many percent are followed by a blank.
  String.raw`(?<!:\/\/\S*)(?:(?:%[C-Fc-f][\da-fA-F])(?:%[89ABab][\da-fA-F])+|(?<![\d\s])%(?:2[\da-fA-F]|[357][A-Fa-f])(?=[\p{L}\d%]))`,
].join('|');
/** Browsers read these without the semicolon too; a URL may have a parameter of that name. */
const BARE_ENTITY = String.raw`(?<!:\/\/\S*|\?\S*)&(?:amp|lt|gt|quot|apos|nbsp|copy|reg|euro|szlig|[aeiouyc](?:uml|acute|grave|circ|cedil)|[no]tilde|atilde|aelig|oslash|aring|[mn]dash|hellip|[lr][sd]quo)(?![\w;=])|&#\d{2,5}(?![\d;])`;
/**
 * Inside of a word that is no part of a URL; or where words would stand, at the beginning or several in
 * a row. A question may have several behind its last word, and French has a blank before them.
 */
const QUESTION_MARKS = new RegExp(
  [
    String.raw`(?<![^\s(„“"'«])\p{L}[\p{L}\p{M}'’-]*\?{1,2}(?:\p{Ll}|(?<=\p{Lu}\?{1,2})\p{Lu}(?=\p{Lu}))\p{L}*(?![\p{L}\d_]*[=&/@:])`,
    String.raw`^\?{2,}(?![!?])|(?<!\?)\?{2,}\s+\?{2,}`,
  ].join('|'),
  'u',
);
/** Whole words without a letter of ASCII: in Western Europe no word has four; lists of letters have. */
const WITHOUT_PLAIN_LETTERS =
  /(?<!\p{L})(?![äöüßåæøÄÖÜÅÆØ]+(?!\p{L})|[àéèêùç]+(?!\p{L}))[À-ÖØ-öø-ÿ]{4,}(?!\p{L})/u;

/** Signs that no word has inside; letters of Western Europe become these where another encoding reads them. */
const SIGNS_IN_WORDS =
  /(?<=\p{Ll})(?:[¸‰ˆ‡„”‚³÷▀¤¦□■▯￼]|[ŸŽŠ](?=\p{Ll}))(?=\p{Ll})|(?<=\p{L})[ÌÍ][\u0080-\u00BA\u00BC-\u00BF€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™šœžŸ]/u;
/** Dates that Excel makes of ids and sizes such as 1-1 or 3/12. */
const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const SHEET_DATE = new RegExp(
  `^(?:\\d{1,2}-(?:${MONTHS})(?:-\\d{2,4})?|(?:${MONTHS})-\\d{2}|\\d{4}-\\d\\d-\\d\\d[ T]00:00:00(?:\\.0+)?)$`,
  'u',
);

/** It finds the part of a text that looks so. */
type Look = (text: string) => string | undefined;
const by =
  (seen: RegExp): Look =>
  (text) =>
    seen.exec(text)?.[0];

/** Text that was encoded twice looks so as well, and is told as that. */
const unlessTwice =
  (seen: RegExp): Look =>
  (text) => {
    const [found] = seen.exec(text) ?? [];
    return found === undefined || encodedTwice(text) !== undefined ? undefined : found;
  };

/** What a text looks like, and the part of it that does. */
type Kind = readonly [what: string, look: Look];

/** In any text, those of attributes too. */
export const KINDS = kindsOf([
  [
    'a word for nothing',
    /^(?:null|Null|NULL|\(null\)|None|nan|NaN|NAN|n\/a|N\/A|undefined|\\N|Array|Object)$/,
  ],
  ['an object of a program', PROGRAM_OBJECT],
  ['a mark of a template, which was not filled in', TEMPLATE_MARK],
  ['data of a program', PROGRAM_DATA],
  ['an error of a program', PROGRAM_ERROR],
  ['a placeholder', PLACEHOLDER],
  ["a spreadsheet's error", SHEET_ERROR_INSIDE],
  ["a spreadsheet's date", SHEET_DATE],
  ['marks of a forum or of WordPress', /\[\/[a-z][\w-]*\]/i],
  ['marks of Markdown', /\*\*[^*\n]{1,200}\*\*|\[[^\]\n]{1,200}\]\([a-z]+:[^)\s]{1,500}\)/i],
  ['letters that became question marks', QUESTION_MARKS],
  ['Cyrillic or Greek that was read as another encoding', unlessTwice(WITHOUT_PLAIN_LETTERS)],
  ['text that was encoded twice', encodedTwice],
  [
    'signs inside of a word, as of letters that were read as another encoding',
    unlessTwice(SIGNS_IN_WORDS),
  ],
  [
    'HTML',
    new RegExp(
      String.raw`<\/?${HTML_TAG}\b[^<>]{0,200}>|<!--|<!\[CDATA\[|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8}\d{0,2});|${BARE_ENTITY}`,
      'iu',
    ),
  ],
  ["Excel's code for a character", /_x[\da-f]{4}_/i],
  [
    'a line break or a tab that is written out',
    new RegExp(String.raw`${NO_PATH}(?:\\r\\n|\\[nrt])`, 'u'),
  ],
  ['a character that is written as its code', new RegExp(CODES, 'u')],
  // An apostrophe alone is taken off, and a word may end with one: only pairs are told.
  [
    'quotes around the whole text',
    /^(?:'[^']+'|"[^"]+"|`[^`]+`|[‘‚’][^‘’]+[’‘]|[“„”][^“”]+[”“]|«[^«»]+»|»[^«»]+«|‹[^‹›]+›|›[^‹›]+‹|＂[^＂]+＂)$/u,
  ],
  // COPY of Postgres doubles each backslash, and MySQL puts one before each quote.
  ['a character behind a backslash too many', /(?<=[^\s\\])\\\\|\\["',;|/]/u],
]);

/** In a name or a description, where neither a number nor true or false says anything. */
export const KINDS_OF_TEXTS = kindsOf([
  ["a spreadsheet's true or false", /^(?:true|false|wahr|falsch|vrai|faux|verdadero|falso|vero)$/i],
  [
    'a number alone, as a spreadsheet makes of dates and of long codes',
    /^(?:[2-5]\d{4}(?:[.,]\d+)?|\d(?:[.,]\d+)?E[+-]?\d+)$/i,
  ],
  ['a date alone', /^(?:\d{4}-\d\d-\d\d|\d{1,2}([/.])\d{1,2}\1(?:\d\d){1,2})$/u],
  ['letters with blanks between them', SPACED_LETTERS],
]);

function kindsOf(
  kinds: readonly (readonly [what: string, seen: RegExp | Look])[],
): readonly Kind[] {
  return kinds.map(([what, seen]) => [what, seen instanceof RegExp ? by(seen) : seen]);
}
