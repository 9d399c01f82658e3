/** Amounts of money as people write them. */
import { currencyDigits, toMinor } from './money.ts';
import { readDigits } from './numbers.ts';
import { foldWidth, quote } from './typed-text.ts';

/** Digits of the whole part of a price; one more would be above the highest bid. */
const MAX_MAJOR_DIGITS = 9;
/** Digits of any whole part that are exact in minor units. */
export const MAX_EXACT_DIGITS = 12;
/** A sign or a code of a currency before the digits or behind them: `€ 60`, `60 Fr.`, `USD 60`. */
const MONEY =
  /^(?<before>[\p{L}\p{Sc}][\p{L}\p{Sc}./]*)?\s*(?<digits>[.,\d](?:[.,\d\s'’_]*\d)?)\s*(?<after>[\p{L}\p{Sc}][\p{L}\p{Sc}./]*)?$/u;
/** Canada's English writes `US$`, Japanese the full-width sign of the yen. */
const LOCALES = ['en', 'en-CA', 'ja'];

/**
 * Reads an amount in major units: a decimal point or comma, thousands grouped by the other one, by
 * spaces or by apostrophes, with or without a sign or the code of its currency. What could be read
 * in two ways, such as `1,234`, is refused.
 *
 * @param amount a number is taken as it is
 * @param code an ISO 4217 currency, which bounds the decimals
 * @returns minor units, or what is wrong with it
 */
export function readAmount(
  amount: string | number,
  code: string,
  maxDigits: number = MAX_MAJOR_DIGITS,
): number | string {
  if (typeof amount === 'number') return checkAmount(amount, code, maxDigits);
  const digits = currencyDigits(code) ?? 0;
  const { before, digits: text = '', after } = MONEY.exec(foldWidth(amount))?.groups ?? {};
  const signs = [before, after].filter((sign) => sign !== undefined);
  const other = signs.find((sign) => !isSignOf(sign, code));
  if (other !== undefined && isMoney(other)) {
    return `${quote(amount)} has ${other}, but its currency is ${code}`;
  }
  const read = readDigits(other === undefined ? text : '', digits === 3);
  if ('unread' in read) {
    const why = {
      none: 'is not an amount',
      misplaced: 'has misplaced separators',
      unclear: `could be ${read.readings.join(' or ')}`,
    }[read.unread];
    return `${quote(amount)} ${why}; ${exampleFor(digits)}`;
  }
  const decimals = read.decimals.replace(/0+$/, '');
  if (decimals.length > digits) {
    return `${quote(amount)} has more than the ${digits} decimals of ${code}; ${exampleFor(digits)}`;
  }
  if (read.whole.length > maxDigits) return `${quote(amount)} is not below ${10 ** maxDigits}`;
  return Number(read.whole + decimals.padEnd(digits, '0'));
}

/** A number of JSON; one such as 0.30000000000000004 is no amount. */
function checkAmount(amount: number, code: string, maxDigits: number): number | string {
  if (!(amount >= 0)) return `${amount} is below 0`;
  if (amount >= 10 ** maxDigits) return `${amount} is not below ${10 ** maxDigits}`;
  const digits = currencyDigits(code) ?? 0;
  const tooFine = `${amount} has more than the ${digits} decimals of ${code}; ${exampleFor(digits)}`;
  return toMinor(amount, code) ?? tooFine;
}

function exampleFor(digits: number): string {
  return `write it like 1234${digits === 0 ? '' : `.${'50'.padEnd(digits, '0')}`}`;
}

/** Tells whether a sign may stand for a currency; `$` may for several. */
function isSignOf(sign: string, code: string): boolean {
  return signsOf(code).has(bare(sign));
}

const known = new Map<string, ReadonlySet<string>>();
function signsOf(code: string): ReadonlySet<string> {
  const signs =
    known.get(code) ??
    new Set(
      [
        code,
        ...LOCALES.flatMap((locale) => [
          signIn(locale, code, 'symbol'),
          signIn(locale, code, 'narrowSymbol'),
        ]),
      ].map(bare),
    );
  known.set(code, signs);
  return signs;
}

function signIn(
  locale: string,
  currency: string,
  currencyDisplay: 'symbol' | 'narrowSymbol',
): string {
  const parts = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay });
  return parts.formatToParts(1).find(({ type }) => type === 'currency')?.value ?? currency;
}

const bare = (sign: string): string => sign.toUpperCase().replace(/\.$/, '');
const isMoney = (sign: string): boolean =>
  /\p{Sc}/u.test(sign) || currencyDigits(bare(sign)) !== undefined;
