/** What exports of other programs leave in texts. It may be meant, so it is kept, and told. */
import type { ItemRow } from './item-row.ts';

/** What was found in one column, once for all of its rows. */
export interface Leftover {
  readonly column: string;
  /** The words for what it looks like. */
  readonly what: string;
  /** The line of the first row that has it. */
  readonly line: number;
  /** The number of rows that have it. */
  readonly rows: number;
  /** The part of the first row's text that looks so. */
  readonly example: string;
}

/** Bytes 0x80 to 0xBF as windows-1252 and Latin-1 read them, without those that end quotes and sentences. */
const REST = '[\\u0080-\\u00BA\\u00BC-\\u00BF€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™šœžŸ]';
const ANY_REST = `(?:${REST}|[\\u00BB‘’“”–—…›])`;

/** Texts in UTF-8 that were read as another encoding and written in UTF-8 once more. */
const ENCODED_TWICE = [
  `[ÃÂ]${REST}`,
  'â€.?',
  'ï»¿|ï¿½',
  // Cyrillic and Greek have two bytes a letter; Chinese, Japanese and Korean three; emoji four.
  `(?:[ÎÏÐÑ]${ANY_REST}){2,}`,
  `(?:[à-ï]${ANY_REST}{2}){2,}`,
  `ð${ANY_REST}{3}`,
].join('|');

const KINDS: readonly (readonly [what: string, seen: RegExp])[] = [
  [
    'a word for nothing',
    /^(?:null|Null|NULL|\(null\)|None|nan|NaN|NAN|n\/a|N\/A|undefined|\\N|\[object Object\])$/,
  ],
  ["a spreadsheet's error", /#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!)/],
  ['text that was encoded twice', new RegExp(ENCODED_TWICE, 'u')],
  [
    'HTML',
    /<\/?(?:p|br|b|i|u|em|strong|span|div|ul|ol|li|a|h[1-6]|font|table|t[dhr]|img|su[bp])\b[^<>]{0,200}>|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8}\d{0,2});/i,
  ],
  ["Excel's code for a character", /_x[\da-f]{4}_/i],
  ['a line break that is written out', /\\r\\n|\\n(?![a-z])/],
];
/** Only these columns take any text. */
const COLUMNS = ['id', 'name', 'description', 'attributes'] as const;
/** An example has at most this many characters. */
const MAX_EXAMPLE = 40;

/** Collects what was left in the texts of items, as they are read. */
export class Leftovers {
  readonly #found = new Map<string, Leftover>();

  /** @param line where the item began */
  look(line: number, item: ItemRow): void {
    for (const column of COLUMNS) {
      const texts = textsIn(item[column]);
      for (const [what, seen] of KINDS) {
        const [example] = texts.flatMap((text) => seen.exec(text)?.[0] ?? []);
        if (example !== undefined) this.#note({ column, what, line, rows: 1, example });
      }
    }
  }

  /** What was found, in the order in which it came. */
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
