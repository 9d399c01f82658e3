/**
 * Money is an integer number of minor units (cents, yen, fils) inside Aura; doubles in major units
 * exist only on the wire. Exponents are those of ISO 4217, from the `currency-codes` table.
 */
import currencyCodes from 'currency-codes';

/** Decimals by code. The table itself is searched from its beginning, and takes lower case too. */
const DIGITS: ReadonlyMap<string, number | undefined> = new Map(
  currencyCodes.codes().map((code) => [code, currencyCodes.code(code)?.digits]),
);

/** Decimals of an ISO 4217 currency; undefined for a code that is none. */
export function currencyDigits(code: string): number | undefined {
  return DIGITS.get(code);
}

/** Minor units in one major unit, of the currencies where that is not 100. */
export const UNUSUAL_MINOR_UNITS: Readonly<Record<string, number>> = Object.fromEntries(
  [...DIGITS].flatMap(([code, digits]) =>
    digits === undefined || digits === 2 ? [] : [[code, 10 ** digits]],
  ),
);

/**
 * Codes of ISO 4217 in which nobody is paid: "no currency" and "testing", metals, and units of account of banks.
 * Items from before may have one, so that their decimals stay known.
 */
const NO_MONEY = /^X(?:XX|TS|A[GU]|P[DT]|B[A-D]|DR|SU|UA)$/;

/** Why nothing is sold in that currency; undefined for a currency of ISO 4217 that people pay with. */
export function currencyProblem(code: string): string | undefined {
  if (currencyDigits(code) === undefined) return 'is not an ISO 4217 currency such as USD';
  return NO_MONEY.test(code)
    ? 'is a code of ISO 4217 for what nobody pays with: write a currency such as USD'
    : undefined;
}

function digitsOf(code: string): number {
  const digits = currencyDigits(code);
  if (digits === undefined) throw new RangeError(`${code} is not an ISO 4217 currency`);
  return digits;
}

/**
 * Minor units of an amount in major units; undefined when it has more decimals than the currency.
 * Exact for every amount below 10^12: a double that was read from a decimal with d digits is
 * the nearest one to that decimal, so writing it with d digits and reading it back is the identity.
 */
export function toMinor(amount: number, code: string): number | undefined {
  const digits = digitsOf(code);
  const text = amount.toFixed(digits);
  return Number(text) === amount ? Number(text.replace('.', '')) : undefined;
}

/** Major units, as the wire has them. */
export function toMajor(minor: number, code: string): number {
  return Number(formatPlain(minor, code));
}

/** `1000.00`: digits and a decimal point only. */
export function formatPlain(minor: number, code: string): string {
  const digits = digitsOf(code);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `1,000.00 USD`: as a person reads it. */
export function formatMoney(minor: number, code: string): string {
  const [whole = '', fraction] = formatPlain(minor, code).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${code}`;
}
