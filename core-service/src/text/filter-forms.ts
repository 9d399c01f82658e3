/** The value of a filter in the forms that an item may have it in. */
import { readDigits } from '../numbers.ts';
import { readValue } from './read-query.ts';
import { foldValue } from './search-words.ts';

/** A text in quotes, as foldValue leaves them. */
const QUOTED = /^(?:"([^"]+)"|'([^']+)'|\u00AB([^\u00AB\u00BB]+)\u00BB)$/;
/** What people write between several values; a slash is mostly part of one, as in `AC/DC`. */
const BETWEEN = /[,;|\n\u3001\u060C\u061B\uFF0C\uFF1B]|(?<=\s)(?:and|&|\+)(?=\s)/iu;
const BRACKETED = /^\s*[[({](.+)[\])}]\s*$/su;

const TRUTHS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  false: false,
  no: false,
};

/** What an item can have: one value, or a list that has all of these. */
type Wanted = string | number | boolean | readonly (string | number | boolean)[];

/**
 * Returns the value as it is, and in the other form that it may be meant in: a number, true or false as JSON
 * and people also write it, a text without its quotes or the codes of HTML and the like, several values as a list, or a
 * number with a decimal comma. `4` and `"4"` are one, `"04"` is only a text.
 */
export function formsOf(value: string | number | boolean): readonly [Wanted, Wanted] {
  return typeof value === 'string' ? [value, otherForm(readValue(value))] : [value, String(value)];
}

function otherForm(text: string): Wanted {
  const whole = bareForm(text);
  if (whole !== text) return whole;
  const decimal = withDecimalComma(foldValue(text));
  if (decimal !== undefined) return decimal;
  const [, inside] = BRACKETED.exec(text) ?? [];
  const parts = (inside ?? text).split(BETWEEN).flatMap((part) => part.trim() || []);
  // Every list has all of none.
  return parts.length > (inside === undefined ? 1 : 0) ? parts.map(bareForm) : text;
}

/** The text as true or false, without its quotes or as a number, where it is one of these. */
function bareForm(text: string): string | number | boolean {
  const folded = foldValue(text);
  const truth = TRUTHS[folded];
  if (truth !== undefined) return truth;
  const bare = QUOTED.exec(folded)
    ?.slice(1)
    .find((each) => each !== undefined)
    ?.trim();
  if (bare !== undefined) return bare;
  const number = Number(folded);
  return Number.isFinite(number) && String(number) === folded ? number : text;
}

/** The number with one comma, or with grouped digits before one, that can be read in one way only. */
function withDecimalComma(folded: string): number | undefined {
  const digits = /^\d[\d.' ]*,\d+$/.test(folded) ? readDigits(folded) : undefined;
  return digits && 'whole' in digits ? Number(`${digits.whole}.${digits.decimals}`) : undefined;
}
