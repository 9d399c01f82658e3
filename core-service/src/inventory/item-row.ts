/** One item as files and programs bring it, checked; each problem names its column. */
import { ITEM_ID } from '@aura/proto/limits.ts';
import { z } from 'zod';
import { LANGUAGES } from '../db/schema.ts';
import { currencyDigits, formatPlain } from '../money.ts';
import { quote, readAmount } from './amount.ts';
import { policyParameters } from './terms.ts';

export interface Problem {
  /** Where the item began, from 1. */
  readonly line: number;
  /** Undefined when it is the whole line. */
  readonly column?: string;
  readonly reason: string;
}

const MAX_NAME = 200;
const MAX_DESCRIPTION = 5_000;
const MAX_ATTRIBUTES = 10_000;
const MAX_COLUMN = 64;

/** Spreadsheets have nothing but text; an empty cell of an optional column is null. */
const fromCell = (value: unknown): unknown => (value === '' ? null : value);
const readNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;

const text = (max: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
    .refine((value) => value.trim() !== '', 'is empty')
    .refine((value) => [...value].length <= max, `has more than ${max} characters`)
    // Postgres takes no NUL, and a decoder puts U+FFFD where bytes are no UTF-8.
    .refine((value) => !/[\0\uFFFD]/.test(value), 'has bytes that are no text in UTF-8')
    .refine((value) => value.isWellFormed(), 'has half a character');

const amount = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be an amount') })
    .refine((value) => value.trim() !== '', 'is empty'),
);

/** @param bounds in words, for whoever has to mend it */
const number = (schema: z.ZodNumber, bounds: string) =>
  z
    .preprocess(
      (value) => readNumber(fromCell(value)),
      z.union([schema, z.null()], { error: `must be ${bounds}` }),
    )
    .optional();

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()]);
const attributes = z.preprocess(
  (value) => {
    if (value === '' || value === null) return {};
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  },
  z
    .record(z.string().min(1).max(64), z.union([scalar, z.array(scalar).max(100)]), {
      error: 'must be a JSON object of texts, numbers, true or false, or lists of these',
    })
    .refine((value) => JSON.stringify(value).length <= MAX_ATTRIBUTES, {
      error: `has more than ${MAX_ATTRIBUTES} characters`,
    })
    .refine((value) => !/\\u0000|\\ud[89a-f]|\uFFFD/.test(JSON.stringify(value)), {
      error: 'has bytes that are no text in UTF-8',
    }),
);

const schema = z.strictObject({
  id: z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
    .regex(new RegExp(ITEM_ID.pattern, 'u'), `must be ${ITEM_ID.words}`),
  name: text(MAX_NAME),
  description: text(MAX_DESCRIPTION),
  price: amount,
  floor: amount,
  currency: z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
    .refine((code) => currencyDigits(code) !== undefined, {
      error: ({ input }) => `${quote(String(input))} is not an ISO 4217 currency such as USD`,
    }),
  quantity: number(z.int().min(0).max(1e9), 'a whole number from 0 to 1000000000'),
  attributes: attributes.optional(),
  language: z
    .preprocess(
      (value) => fromCell(value) ?? 'en',
      z.enum(LANGUAGES, `must be one of ${LANGUAGES.join(', ')}`),
    )
    .optional(),
  active: z
    .preprocess((value) => {
      const cell = fromCell(value) ?? 'true';
      return typeof cell === 'string' ? { true: true, false: false }[cell.toLowerCase()] : cell;
    }, z.boolean('must be true or false'))
    .optional(),
  rounds: number(policyParameters.rounds, 'a whole number from 1 to 100'),
  beta: number(policyParameters.beta, 'a number from 0.01 to 10'),
  bucket_ratio: number(policyParameters.bucketRatio, 'a number from 0.001 to 0.5'),
  opening_ratio: number(policyParameters.openingRatio, 'a number from 0.1 to 1'),
});

export const COLUMNS = Object.keys(schema.shape) as readonly (keyof z.infer<typeof schema>)[];
export const REQUIRED = ['id', 'name', 'description', 'price', 'floor', 'currency'] as const;

/** What a row says of an item; what it leaves out stays as it is, or is the default. */
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
  const { currency, ...cells } = (raw ?? {}) as Readonly<Record<string, unknown>>;
  const problems: Omit<Problem, 'line'>[] = [];
  const read = (column: 'price' | 'floor'): number => {
    const cell = amount.safeParse(cells[column]);
    if (!cell.data || currencyDigits(String(currency)) === undefined) return Number.NaN;
    const minor = readAmount(cell.data, String(currency));
    if (typeof minor === 'number' && minor > 0) return minor;
    problems.push({ column, reason: typeof minor === 'string' ? minor : 'must be above 0' });
    return Number.NaN;
  };
  const [price, floor] = [read('price'), read('floor')];
  if (floor > price) {
    const reason = `is above the price, ${formatPlain(price, String(currency))}`;
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
