/** The checks of single cells, as files and programs write them; each message says what to mend. */
import { z } from 'zod';
import type { Bounds } from '../numbers.ts';
import { checkNumber, mustBe, readNumber } from '../numbers.ts';
import { cleanText, quote } from '../typed-text.ts';
import { joinWords } from '../text/unseen.ts';
import { illegible, illegibleCode } from './legible.ts';

export { attributes } from './attributes.ts';

/** Excel's files have this for a return inside of a cell, and some exports copy it. */
const EXCEL_RETURN = /(?<!_x005F)_x000D_(?:\r?\n)?/gi;

/** Spreadsheets have nothing but text; an empty cell of an optional column is null. */
const fromCell = (value: unknown): unknown =>
  typeof value === 'string' ? cleanText(value) || null : value;

const missingOr =
  (otherwise: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is missing' : otherwise;

const filled = () =>
  z
    .string({ error: missingOr('must be text') })
    .overwrite((text) => cleanText(text.replace(EXCEL_RETURN, '\n')))
    .refine((value) => value !== '', 'is empty');

/** A code that a check of its own says more of. */
export const word = () => legibleCode(filled());

function legibleCode<Check extends z.ZodType>(check: Check): Check {
  return check.refine((value) => codeProblem(value) === undefined, {
    error: ({ input }) => codeProblem(input),
    abort: true,
  });
}

const codeProblem = (value: unknown): string | undefined =>
  typeof value === 'string' ? illegibleCode(value) : undefined;

/** A text with at least one visible character, of one line or several. */
export const text = (max: number) =>
  filled()
    .overwrite(joinWords)
    .refine((value) => [...value].length <= max, `has more than ${max} characters`)
    .refine((value) => illegible(value) === undefined, {
      error: ({ input }) => illegible(String(input)),
    });

/** A text without an end of line, which would come from a quote that was opened too early. */
export const line = (max: number) =>
  text(max).refine(
    (value) => !/[\n\t]/.test(value),
    'has a line break or a tab: is a quote missing?',
  );

/** An amount as it was written; its currency decides how it is read. */
export const amount = legibleCode(
  z.union(
    [
      z.number(),
      z
        .string()
        .overwrite(cleanText)
        .refine((value) => value !== '', 'is empty'),
    ],
    { error: missingOr('must be an amount') },
  ),
);

/** An amount that may be left out; empty is null. */
export const amountOrNone = z
  .preprocess(
    fromCell,
    legibleCode(z.union([z.number(), z.string()], { error: 'must be an amount' }).nullable()),
  )
  .optional();

/** A number, which text says as people type it; null takes it back to the default. */
export const number = (bounds: Bounds) =>
  z
    .unknown()
    .transform((value, context): number | null => {
      const cell = fromCell(value);
      if (cell === null) return null;
      const read =
        codeProblem(cell) ??
        (typeof cell === 'number'
          ? checkNumber(cell, bounds)
          : typeof cell === 'string'
            ? readNumber(cell, bounds)
            : `${mustBe(bounds)}, not ${quote(JSON.stringify(cell))}`);
      if (typeof read === 'number') return read;
      context.addIssue({ code: 'custom', message: read, input: value });
      return z.NEVER;
    })
    .optional();

/** One of the words in any letter case; what is none of them stays as it was written. */
const inLowerCase = (cell: unknown, words: readonly string[]): unknown =>
  words.find((each) => typeof cell === 'string' && each === cell.toLowerCase()) ?? cell;

const wordIn = <const Word extends string>(words: readonly Word[]) =>
  z.enum(words, {
    error: ({ input }) => `must be one of ${words.join(', ')}, not ${quote(String(input))}`,
  });

export const oneOf = <const Word extends string>(words: readonly Word[], initial: Word) =>
  z.preprocess((value) => inLowerCase(fromCell(value) ?? initial, words), wordIn(words)).optional();

/** One of the words, or null where it is empty; a word may be written as a number. */
export const oneOfOrNone = <const Word extends string>(words: readonly Word[]) =>
  z
    .preprocess(
      (value) => inLowerCase(typeof value === 'number' ? String(value) : fromCell(value), words),
      wordIn(words).nullable(),
    )
    .optional();

/** Text that says true or false in any case, as what it says. */
const toTruth = (cell: unknown): unknown =>
  typeof cell === 'string' ? ({ true: true, false: false }[cell.toLowerCase()] ?? cell) : cell;

const truthful = z.boolean({
  error: ({ input }) => `must be true or false, not ${quote(String(input))}`,
});

export const truth = (initial: 'true' | 'false') =>
  z.preprocess((value) => toTruth(fromCell(value) ?? initial), truthful).optional();

/** True, false, or null where it is empty. */
export const truthOrNone = z
  .preprocess((value) => toTruth(fromCell(value)), truthful.nullable())
  .optional();
