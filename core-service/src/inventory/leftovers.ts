/** What exports of other programs leave in texts. It may be meant, so it is kept, and told. */
import { encodedTwice } from './encoded-twice.ts';
import type { ItemRow } from './item-row.ts';
import { SHEET_ERROR_INSIDE } from './legible.ts';

/** The leftovers of one kind in one column, once for all of its rows. */
export interface Leftover {
  readonly column: string;
  /** The words for what it looks like. */
  readonly what: string;
  /** The line of the first row that has it. */
  readonly line: number;
  /** The place of that row in the file, from 1, where its line has several of them. */
  readonly item?: number;
  /** The number of rows that have it. */
  readonly rows: number;
  /** The part of the first row's text that looks so. */
  readonly example: string;
}

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
/** Marks of Mustache, Jinja, ERB and PHP, shells and JavaScript, Python, Ruby and C#. */
const TEMPLATE_MARKS = [
  String.raw`\{\{[^{}]{1,200}\}\}|\{[%#][^{}]{1,200}[%#]\}|<(?:%|\?(?:=|php\b))[^<>]{0,200}(?:[%?]>)?`,
  String.raw`\$\{[^{}]{1,200}\}|#\{[^{}]{1,200}\}|\$\([A-Za-z_]\w*\)|%\([A-Za-z_]\w*\)[sdf]|%\{[^{}]{1,200}\}`,
  String.raw`(?<!\\[ux])\{[A-Za-z_]\w*(?:\.\w+)*\}|\[\[[A-Za-z_][\w .]*\]\]|%%[A-Za-z_]\w*%%|__[A-Z][A-Z0-9_]+__`,
  String.raw`(?<![^\s(])(?:%[sd]|\{[01]\})(?![^\s.,;:!?)])`,
].join('|');
/** Browsers read these without the semicolon too; a URL may have a parameter of that name. */
const BARE_ENTITY = String.raw`(?<!:\/\/\S*|\?\S*)&(?:amp|lt|gt|quot|apos|nbsp|copy|reg|euro|szlig|[aeiouyc](?:uml|acute|grave|circ|cedil)|[no]tilde|atilde|aelig|oslash|aring|[mn]dash|hellip|[lr][sd]quo)(?![\w;=])|&#\d{2,5}(?![\d;])`;
/** No path, such as C:\new or \\host\new, stands before it. */
const NO_PATH = String.raw`(?<!(?:\b[A-Za-z]:|\\(?=\\))(?:\\[\w\\ .-]*)?)`;

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

/** It finds the part of a text that looks so. */
type Look = (text: string) => string | undefined;
const by =
  (seen: RegExp): Look =>
  (text) =>
    seen.exec(text)?.[0];

/** Text that was encoded twice has such words as well, and is told as that. */
const withoutPlainLetters: Look = (text) => {
  const [found] = WITHOUT_PLAIN_LETTERS.exec(text) ?? [];
  return found === undefined || encodedTwice(text) !== undefined ? undefined : found;
};

const KINDS: readonly (readonly [what: string, look: Look])[] = (
  [
    [
      'a word for nothing',
      /^(?:null|Null|NULL|\(null\)|None|nan|NaN|NAN|n\/a|N\/A|undefined|\\N|Array|Object)$/,
    ],
    // The texts of JavaScript, Python and Java for a value that is none.
    [
      'an object of a program',
      /\[object \p{L}+\]|<[\w.]+ object at 0x[\da-f]+>|\b[\w.]+@[\da-f]{7,8}(?![\w.])/u,
    ],
    ['a mark of a template, which was not filled in', new RegExp(TEMPLATE_MARKS, 'u')],
    ["a spreadsheet's error", SHEET_ERROR_INSIDE],
    ['letters that became question marks', QUESTION_MARKS],
    ['Cyrillic or Greek that was read as another encoding', withoutPlainLetters],
    ['text that was encoded twice', encodedTwice],
    [
      'HTML',
      new RegExp(
        String.raw`<\/?(?:p|br|b|i|u|em|strong|span|div|ul|ol|li|a|h[1-6]|font|table|t[dhr]|img|su[bp])\b[^<>]{0,200}>|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8}\d{0,2});|${BARE_ENTITY}`,
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
    ['a character behind a backslash too many', /(?<=[^\s\\])\\\\|\\["',;|]/u],
  ] satisfies [string, RegExp | Look][]
).map(([what, seen]) => [what, seen instanceof RegExp ? by(seen) : seen]);
/** Only these columns take any text. */
const COLUMNS = ['id', 'name', 'description', 'attributes'] as const;
/** An example has at most this many characters. */
const MAX_EXAMPLE = 40;

/** Collects what was left in the texts of items, as they are read. */
export class Leftovers {
  readonly #found = new Map<string, Leftover>();

  /** @param place where the item began */
  look(place: Pick<Leftover, 'line' | 'item'>, item: ItemRow): void {
    for (const column of COLUMNS) {
      const texts = textsIn(item[column]);
      for (const [what, look] of KINDS) {
        const [example] = texts.flatMap((text) => look(text) ?? []);
        if (example !== undefined) this.#note({ column, what, ...place, rows: 1, example });
      }
    }
  }

  /** The leftovers that were found, in the order in which they came. */
  all(): readonly Leftover[] {
    return [...this.#found.values()];
  }

  #note(leftover: Leftover): void {
    const key = `${leftover.column} ${leftover.what}`;
    const before = this.#found.get(key);
    const example = leftover.example.slice(0, MAX_EXAMPLE);
    const found = before ? { ...before, rows: before.rows + 1 } : { ...leftover, example };
    this.#found.set(key, found);
  }
}

/** The texts of a cell: itself, or the names and the values of attributes. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(textsIn)
    : Object.entries(value).flatMap(([name, each]) => [name, ...textsIn(each)]);
}
