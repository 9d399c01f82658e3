/** Amounts of money as people write them. */
import { currencyDigits } from '../money.ts';

/** Spaces (also the narrow ones) and apostrophes only ever group digits. */
const GROUPED = /^\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?=[.,]|$)/u;
const MAX_MAJOR_DIGITS = 9;

/**
 * Reads an amount in major units: a decimal point or comma, thousands grouped by the other one, by
 * spaces or by apostrophes. What could be read in two ways, such as `1,234`, is refused.
 *
 * @param code an ISO 4217 currency, which bounds the decimals
 * @returns minor units, or what is wrong with it
 */
export function readAmount(text: string, code: string): number | string {
  const digits = currencyDigits(code) ?? 0;
  const plain = text.trim().replace(GROUPED, (group) => group.replace(/\D/g, ''));
  if (!/^\d[\d.,]*$/.test(plain) || /[.,]$/.test(plain)) {
    return `${quote(text)} is not an amount; write it like 1234.50`;
  }
  const marks = plain.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  const isGroup = marks.length > 1 && marks.every((mark) => mark === last);
  const decimals = last === undefined || isGroup ? '' : plain.slice(plain.lastIndexOf(last) + 1);
  const grouped = decimals === '' ? plain : plain.slice(0, -decimals.length - 1);
  // `1,234` has a comma or a group; so has `1.234`, but where the currency has three decimals.
  const isUnclear = marks.length === 1 && decimals.length === 3 && !(last === '.' && digits === 3);
  if (isUnclear) {
    const [thousands, fraction] = [plain.replace(/[.,]/, ''), plain.replace(',', '.')];
    return `${quote(text)} could be ${thousands} or ${fraction}; write it like 1234.50`;
  }
  if (/[.,]/.test(grouped) && !isGroupedBy(isGroup ? last : marks[0], grouped)) {
    return `${quote(text)} has misplaced separators; write it like 1234.50`;
  }
  if (decimals.length > digits) {
    return `${quote(text)} has more than the ${digits} decimals of ${code}`;
  }
  const whole = grouped.replace(/[.,]/g, '').replace(/^0+(?=\d)/, '');
  if (whole.length > MAX_MAJOR_DIGITS) return `${quote(text)} is not below 1000000000`;
  return Number(whole + decimals.padEnd(digits, '0'));
}

function isGroupedBy(mark: string | undefined, text: string): boolean {
  const [first = '', ...groups] = text.split(mark ?? ',');
  return /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
}

/** What is wrong, at a length that fits into a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
