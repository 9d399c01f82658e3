/** JSON as people and programs write it: read without rounding, or with what is wrong with it. */

import { isKept, whyRounded } from './kept-digits.ts';

/** A number that JavaScript would round. */
export class RoundedNumber {
  /** The number as it stands in the text. */
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }

  /** Says what is wrong with it, behind the name of its column. */
  get reason(): string {
    return `${whyRounded(this.written)}; write it as text`;
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
/** The types of JavaScript do not have the source text of a value yet, which Node has. */
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Reads JSON like JSON.parse, but with a RoundedNumber for each number that would not be kept as it
 * stands in the text. One that is too great for a double stays infinite.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return parseWithSource(text, (_key, value, { source = '' }) =>
    typeof value !== 'number' || isKept(source) ? value : new RoundedNumber(source),
  );
}
