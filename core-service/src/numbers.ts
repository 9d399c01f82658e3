/**
 * Numbers as people type them, in cells of files, arguments and variables. What can be read in one
 * way only is read; what could be two numbers, such as `1.000`, is none.
 */
import { foldWidth, quote } from './typed-text.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/** The digits of a number, without its separators. */
export interface Digits {
  readonly whole: string;
  readonly decimals: string;
}

/** The text may be two numbers instead, or none. */
export interface Unread {
  readonly unread: 'unclear' | 'misplaced' | 'none';
  /** The two numbers of what is unclear: with a separator of thousands, and with a decimal one. */
  readonly readings: readonly [string, string];
}

/** Spaces (also the narrow ones), apostrophes and underscores only ever group digits. */
const GROUPED = /^\d{1,3}(?:[ \u00A0\u2007\u2009\u202F'’_]\d{3})+(?=[.,]|$)/u;
/**
 * A lone mark between these digits groups them or begins their decimals: thousands have either mark,
 * and ten thousands (China, Japan, Korea) and lakhs (India) only the comma, of which one may be missing:
 * six digits behind it are two groups, or the decimals of a program. Programs write four
 * decimals behind a point (`12.0000`), and no group begins with a zero or has four digits
 * before three: `0.500` and `1234.500` are clear.
 */
const GROUP_OR_DECIMALS = /^[1-9](?:\d{0,2}[.,]\d{3}|\d{0,3},\d{4}|\d?,\d{5}|\d*,\d{6,})$/;
/** Doubles hold whole numbers of this many digits exactly. */
const MAX_DIGITS = 15;

/**
 * Reads digits with a decimal point or comma, whose thousands are grouped by the other one, by
 * spaces, apostrophes or underscores, or in the Indian way.
 *
 * @param isDecimalPoint whether a point with three digits behind it is certain to be a decimal one
 */
export function readDigits(text: string, isDecimalPoint = false): Digits | Unread {
  const typed = foldWidth(text);
  const plain = typed.replace(GROUPED, (group) => group.replace(/\D/g, ''));
  if (!/^[.,]?\d[\d.,]*$/.test(plain) || /[.,]$/.test(plain)) return unread('none');
  const marks = plain.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  if (last === undefined) return { whole: trimZeros(plain), decimals: '' };
  const isGroup = marks.length > 1 && marks.every((mark) => mark === last);
  const at = isGroup ? plain.length : plain.lastIndexOf(last);
  const [grouped, decimals] = [plain.slice(0, at), plain.slice(at + 1)];
  const isPoint = last === '.' && isDecimalPoint;
  if (GROUP_OR_DECIMALS.test(typed) && !isPoint) {
    return unread('unclear', [grouped + decimals, trimDecimals(`${grouped}.${decimals}`)]);
  }
  if (/[.,]/.test(grouped) && !isGroupedBy(marks[0] ?? last, grouped)) return unread('misplaced');
  return { whole: trimZeros(grouped.replace(/[.,]/g, '')), decimals };
}

/** @returns the number, or what is wrong with the text: what was seen, and how to write it */
export function readNumber(text: string, bounds: Bounds): number | string {
  const digits = readDigits(text);
  const isDecimal = 'unread' in digits && digits.unread === 'unclear' && !bounds.isWhole;
  // No bound reaches a thousand where both readings would be possible: `1,125` is a ratio.
  if (isDecimal && Number(digits.readings[0]) > bounds.max) {
    return checkNumber(Number(digits.readings[1]), bounds, text);
  }
  if ('unread' in digits) return `${mustBe(bounds)}, not ${quote(text)}${hint(text, digits)}`;
  const isExact = digits.whole.length <= MAX_DIGITS;
  const value = isExact ? Number(`${digits.whole}.${digits.decimals}`) : Number.POSITIVE_INFINITY;
  return checkNumber(value, bounds, text);
}

/**
 * Checks a number that a program wrote as one.
 *
 * @param text as it was written
 * @returns the number, or what is wrong with it
 */
export function checkNumber(
  value: number,
  bounds: Bounds,
  text: string = String(value),
): number | string {
  const isInside = value >= bounds.min && value <= bounds.max;
  if (isInside && (!bounds.isWhole || Number.isInteger(value))) return value;
  return `${mustBe(bounds)}, not ${text === String(value) ? text : quote(text)}`;
}

export function mustBe({ min, max, isWhole = false }: Bounds): string {
  return `must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`;
}

function hint(text: string, { unread: why, readings }: Unread): string {
  if (why === 'unclear') {
    return `, which could be ${readings[0]} or ${readings[1]}; write it without a separator`;
  }
  if (why === 'misplaced') return ', which has misplaced separators';
  if (/^[\d.,]+e[+-]?\d+$/i.test(foldWidth(text))) return '; write out its digits';
  return /^[+]\s*\d/.test(foldWidth(text)) ? '; write it without a sign' : '';
}

function isGroupedBy(mark: string, text: string): boolean {
  const [first = '', ...groups] = text.split(mark);
  const isThousands = /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
  // 12,34,567 is twelve lakh, thirty-four thousand and so on; only commas stand there.
  return isThousands || (mark === ',' && /^\d{1,2}(?:,\d{2})*,\d{3}$/.test(text));
}

function unread(why: Unread['unread'], readings: Unread['readings'] = ['', '']): Unread {
  return { unread: why, readings };
}

const trimZeros = (whole: string): string => whole.replace(/^0+(?=\d)/, '') || '0';
const trimDecimals = (text: string): string => text.replace(/\.?0+$/, '');
