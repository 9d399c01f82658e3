/** JSON as people and programs write it: read without rounding, or with what is wrong with it. */

/** A number that JavaScript would round. */
export class RoundedNumber {
  /** The number as it stands in the text. */
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }

  /** Says what is wrong with it, behind the name of its column. */
  get reason(): string {
    const { written } = this;
    const shown = written.length > MAX_SHOWN ? `${written.slice(0, MAX_SHOWN)}…` : written;
    const why = Number(written) === 0 ? 'is too close to 0' : 'has too many digits';
    return `has ${shown}, which ${why}; write it as text`;
  }
}

/** A message shows this many characters of a number. */
const MAX_SHOWN = 60;
/** `toPrecision` tells no more digits of a number than these. */
const MAX_DIGITS = 100;

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
    typeof value !== 'number' || isKept(value, source) ? value : new RoundedNumber(source),
  );
}

function isKept(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return true;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  const digits = significant(source);
  if (digits === '') return true;
  return digits.length <= MAX_DIGITS && significant(value.toPrecision(digits.length)) === digits;
}

/** The digits of a number without its sign, its point, its exponent and the zeros around them. */
function significant(number: string): string {
  return number
    .replace(/e.*$/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
}

/** What people and programs write that JSON has not, as it is found outside of texts. */
const MISTAKES: readonly (readonly [seen: RegExp, words: string])[] = [
  [/^\s*$/, 'nothing stands here; is there a comma too many?'],
  [/^\s*["“]\s*[[{]/u, 'it is a text with JSON inside; take the quotes around it and the \\ away'],
  [/[“”„‟«»‘’]/u, 'it has curly quotes; JSON has only the straight ", double'],
  [/'/, 'it has single quotes; JSON has double ones, "'],
  [/\/\/|\/\*|(?:^|\n)\s*#/, 'it has a comment, which JSON has not; delete it'],
  [/,\s*[\]}]/, 'it has a comma before a closing bracket; delete it'],
  [/,\s*$/, 'it has a comma behind its end; delete it, or put all items in [ ]'],
  [
    /\b(?:True|False|None|undefined)\b/,
    'it has a word of a program; JSON has true, false and null',
  ],
  [/\b(?:NaN|Infinity)\b/, 'it has NaN or Infinity, which JSON has not; write null'],
  [/[{,]\s*[\p{L}_$][\w$-]*\s*:/u, 'it has a key without quotes; put it in double ones, "'],
];

/** @returns what is wrong with a text that is no JSON, and how to write it; undefined when it is nothing usual */
export function jsonMistake(text: string): string | undefined {
  const outside = /^\s*"\s*[[{]/.test(text) ? text : text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return MISTAKES.find(([seen]) => seen.test(outside))?.[1];
}
