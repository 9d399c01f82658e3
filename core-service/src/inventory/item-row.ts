/** One item as files and programs bring it, checked; each problem names its column. */
import { z } from 'zod';
import { readAmount } from '../amount.ts';
import { currencyDigits, formatPlain } from '../money.ts';
import { cleanText } from '../typed-text.ts';
import { amount } from './cells.ts';
import type { Table } from './columns.ts';
import { COLUMNS } from './columns.ts';

export interface Problem {
  /** The line where the item began, from 1. */
  readonly line: number;
  /** Undefined when it is the whole line. */
  readonly column?: string;
  readonly reason: string;
}

/** A raw item and where it began, or why there is none. */
export type Line = { readonly line: number; readonly raw: unknown } | Problem;

/** A column's name is told of up to this many characters. */
const MAX_COLUMN = 64;

type Checks = { readonly [Name in keyof Table]: Table[Name]['check'] };
const checks = Object.fromEntries(
  Object.entries(COLUMNS).map(([name, { check }]) => [name, check]),
) as Checks;
const schema = z.strictObject(checks, {
  error: ({ code }) => (code === 'invalid_type' ? 'is no JSON object' : undefined),
});

/** An item by the columns of the table; what a row leaves out stays as it is, or is the default. */
export type ItemRow = Omit<z.infer<typeof schema>, 'price' | 'floor'> & {
  readonly base_price_minor: number;
  readonly floor_price_minor: number;
};

/** @returns the item, or all that is wrong with it */
export function readItem(line: number, raw: unknown): ItemRow | readonly Problem[] {
  const parsed = schema.safeParse(raw);
  const problems: Problem[] = (parsed.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ line, column: shorten(key), reason: 'is no column of an item' }))
      : [{ line, ...columnOf(issue.path), reason: issue.message }],
  );
  const prices = readPrices(raw);
  problems.push(...prices.problems.map((problem) => ({ line, ...problem })));
  if (!parsed.data || problems.length > 0) return firstOfEach(problems);
  const { price: _price, floor: _floor, ...item } = parsed.data;
  return { ...item, base_price_minor: prices.price, floor_price_minor: prices.floor };
}

/** Apart from the rest, which may be wrong, so that all mistakes are told at once. */
function readPrices(raw: unknown) {
  const cells = (raw ?? {}) as Readonly<Record<string, unknown>>;
  const currency = cleanText(String(cells['currency']));
  const problems: Omit<Problem, 'line'>[] = [];
  const read = (column: 'price' | 'floor'): number => {
    const cell = amount.safeParse(cells[column]);
    if (cell.data === undefined || currencyDigits(currency) === undefined) return Number.NaN;
    const minor = readAmount(cell.data, currency);
    if (typeof minor === 'number' && minor > 0) return minor;
    problems.push({ column, reason: typeof minor === 'string' ? minor : 'must be above 0' });
    return Number.NaN;
  };
  const [price, floor] = [read('price'), read('floor')];
  if (floor > price) {
    const reason = `is above the price, ${formatPlain(price, currency)}`;
    problems.push({ column: 'floor', reason });
  }
  return { price, floor, problems };
}

function columnOf([column]: readonly PropertyKey[]): { readonly column?: string } {
  return column === undefined ? {} : { column: String(column) };
}

const shorten = (name: string): string => name.slice(0, MAX_COLUMN);

/** One reason for a cell is enough. */
function firstOfEach(problems: readonly Problem[]): readonly Problem[] {
  const columns = new Set<string | undefined>();
  return problems.filter(({ column }) => !columns.has(column) && columns.add(column));
}
