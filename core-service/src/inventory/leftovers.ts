/** What exports of other programs leave in texts. It may be meant, so it is kept, and told. */
import type { ItemRow } from './item-row.ts';
import { KINDS, KINDS_OF_TEXTS } from './leftover-kinds.ts';

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

/** Only these columns take any text. */
const COLUMNS = {
  id: KINDS,
  name: [...KINDS, ...KINDS_OF_TEXTS],
  description: [...KINDS, ...KINDS_OF_TEXTS],
  attributes: KINDS,
};
/** An example has at most this many characters. */
const MAX_EXAMPLE = 40;

/** Collects what was left in the texts of items, as they are read. */
export class Leftovers {
  readonly #found = new Map<string, Leftover>();

  /** @param place where the item began */
  look(place: Pick<Leftover, 'line' | 'item'>, item: ItemRow): void {
    for (const [column, kinds] of Object.entries(COLUMNS)) {
      const texts = textsIn(item[column]);
      for (const [what, look] of kinds) {
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
