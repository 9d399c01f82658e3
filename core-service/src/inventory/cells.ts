/** The checks of single cells, as files and programs write them; each message says what to mend. */
import { z } from 'zod';

/** The attributes of one item have at most this many characters of JSON. */
const MAX_ATTRIBUTES = 10_000;

/** Spreadsheets have nothing but text; an empty cell of an optional column is null. */
const fromCell = (value: unknown): unknown => (value === '' ? null : value);
const readNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;

const missingOr =
  (otherwise: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is missing' : otherwise;

/** A text with at least one visible character. */
export const text = (max: number) =>
  z
    .string({ error: missingOr('must be text') })
    .refine((value) => value.trim() !== '', 'is empty')
    .refine((value) => [...value].length <= max, `has more than ${max} characters`)
    // Postgres takes no NUL, and a decoder puts U+FFFD where bytes are no UTF-8.
    .refine((value) => !/[\0\uFFFD]/.test(value), 'has bytes that are no text in UTF-8')
    .refine((value) => value.isWellFormed(), 'has half a character');

/** A text that a check of its own says more of. */
export const word = () => z.string({ error: missingOr('must be text') });

/** An amount as it was written; its currency decides how it is read. */
export const amount = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string({ error: missingOr('must be an amount') })
    .refine((value) => value.trim() !== '', 'is empty'),
);

/** An amount that may be left out; empty is null. */
export const amountOrNone = z
  .preprocess(
    (value) => (typeof value === 'number' ? String(value) : fromCell(value)),
    z.union([z.string(), z.null()], { error: 'must be an amount' }),
  )
  .optional();

/** @param bounds in words, for whoever has to mend it */
export const number = (schema: z.ZodNumber, bounds: string) =>
  z
    .preprocess(
      (value) => readNumber(fromCell(value)),
      z.custom<number | null>(
        (value) => value === null || schema.safeParse(value).success,
        `must be ${bounds}`,
      ),
    )
    .optional();

export const oneOf = <const Word extends string>(words: readonly Word[], initial: Word) =>
  z
    .preprocess(
      (value) => fromCell(value) ?? initial,
      z.enum(words, `must be one of ${words.join(', ')}`),
    )
    .optional();

/** One of the words, or null where it is empty; a word may be written as a number. */
export const oneOfOrNone = <const Word extends string>(words: readonly Word[]) =>
  z
    .preprocess(
      (value) => (typeof value === 'number' ? String(value) : fromCell(value)),
      z.union([z.enum(words), z.null()], { error: `must be one of ${words.join(', ')}` }),
    )
    .optional();

export const truth = (initial: 'true' | 'false') =>
  z
    .preprocess((value) => {
      const cell = fromCell(value) ?? initial;
      return typeof cell === 'string' ? { true: true, false: false }[cell.toLowerCase()] : cell;
    }, z.boolean('must be true or false'))
    .optional();

/** True, false, or null where it is empty. */
export const truthOrNone = z
  .preprocess(
    (value) => {
      const cell = fromCell(value);
      return typeof cell === 'string' ? { true: true, false: false }[cell.toLowerCase()] : cell;
    },
    z.union([z.boolean(), z.null()], { error: 'must be true or false' }),
  )
  .optional();

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()]);

export const attributes = z
  .preprocess(
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
  )
  .optional();
