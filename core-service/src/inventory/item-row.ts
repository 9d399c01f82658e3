/** One item as files and programs bring it, checked; each problem names its column. */
import { z } from 'zod';
import { readAmount } from '../amount.ts';
import { currencyDigits, formatPlain } from '../money.ts';
import { cleanText } from '../typed-text.ts';
import { amount } from './cells.ts';
import type { ColumnName, Table } from './columns.ts';
import { COLUMN_NAMES, COLUMNS } from './columns.ts';

export interface Problem {
  /** The line where the item began, from 1. */
  readonly line: number;
  /** The place of the item in the file, from 1, where its line has several of them. */
  readonly item?: number;
  /** Undefined when it is the whole item. */
  readonly column?: string;
  readonly reason: string;
}

/** A raw item and where it began, or why there is none. */
export type Line = RawItem | Problem;

export interface RawItem extends Pick<Problem, 'line' | 'item'> {
  readonly raw: unknown;
}

/** A column's name is told of up to this many characters. */
const MAX_COLUMN = 64;

type Checks = { readonly [Name in keyof Table]: Table[Name]['check'] };
const checks = Object.fromEntries(
  Object.entries(COLUMNS).map(([name, { check }]) => [name, check]),
) as Checks;
const schema = z.strictObject(checks, {
  error: ({ code }) => (code === 'invalid_type' ? 'is no JSON object' : undefined),
});
const AMOUNTS = COLUMN_NAMES.filter((name) => COLUMNS[name].amount !== undefined);

/**
 * An item by the columns of the database, amounts in minor units; what a row leaves out stays as it
 * is, or is the default.
 */
export type ItemRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** @returns the item, or all that is wrong with it */
export function readItem(line: number, raw: unknown): ItemRow | readonly Problem[] {
  const parsed = schema.safeParse(raw);
  const problems: Problem[] = (parsed.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ line, column: shorten(key), reason: 'is no column of an item' }))
      : [{ line, ...columnOf(issue.path), reason: issue.message }],
  );
  const amounts = readAmounts(raw);
  problems.push(...amounts.problems.map((problem) => ({ line, ...problem })));
  for (const [name, value] of Object.entries(parsed.data ?? {})) {
    const { inCurrency } = COLUMNS[name as ColumnName];
    const reason = inCurrency?.(value, String(parsed.data?.currency));
    if (reason !== undefined) problems.push({ line, column: name, reason });
  }
  if (!parsed.data || problems.length > 0) return firstOfEach(problems);
  const cells = Object.entries(parsed.data).map(([name, value]) => {
    const column = name as ColumnName;
    return [COLUMNS[column].stored, amounts.minor.get(column) ?? value] as const;
  });
  return Object.fromEntries(cells) as ItemRow;
}

/** Apart from the rest, which may be wrong, so that all mistakes are told at once. */
function readAmounts(raw: unknown) {
  const cells = (raw ?? {}) as Readonly<Record<string, unknown>>;
  const currency = cleanText(String(cells['currency']));
  const minor = new Map<ColumnName, number>();
  const problems: Omit<Problem, 'line'>[] = [];
  for (const column of currencyDigits(currency) === undefined ? [] : AMOUNTS) {
    const cell = amount.safeParse(cells[column]);
    const read = cell.data === undefined ? undefined : readMinor(column, cell.data, currency);
    if (typeof read === 'string') problems.push({ column, reason: read });
    else if (read !== undefined) minor.set(column, read);
  }
  const [price = Number.NaN, floor = Number.NaN] = [minor.get('price'), minor.get('floor')];
  if (floor > price) {
    const reason = `is above the price, ${formatPlain(price, currency)}`;
    problems.push({ column: 'floor', reason });
  }
  return { minor, problems };
}

/** @returns minor units, or what is wrong with the amount */
function readMinor(column: ColumnName, cell: string | number, currency: string): number | string {
  const minor = readAmount(cell, currency);
  return minor === 0 && COLUMNS[column].amount === 'above 0' ? 'must be above 0' : minor;
}

/** One cell of an item of that currency as the database has it, or what is wrong with it. */
export function readCell(
  column: ColumnName,
  text: string,
  currency: string,
): { readonly value: unknown } | { readonly problem: string } {
  const { check, amount: inMinor, inCurrency } = COLUMNS[column];
  const parsed = check.safeParse(text);
  if (parsed.error) return { problem: parsed.error.issues[0]?.message ?? 'is wrong' };
  const problem = inCurrency?.(parsed.data, currency);
  if (problem !== undefined) return { problem };
  if (!inMinor || typeof parsed.data !== 'string') return { value: parsed.data };
  const minor = readMinor(column, parsed.data, currency);
  return typeof minor === 'string' ? { problem: minor } : { value: minor };
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
