import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyDigits, formatMoney, formatPlain, toMajor, toMinor } from './money.ts';

const currencies = fc.constantFrom('JPY', 'USD', 'KWD');

test.each([
  ['JPY', 0],
  ['USD', 2],
  ['KWD', 3],
  ['usd', undefined],
  ['US', undefined],
  ['USDX', undefined],
  ['ZZZ', undefined],
  ['', undefined],
])('%s has %s decimals', (code, digits) => expect(currencyDigits(code)).toBe(digits));

test.each([
  [1_000, 'JPY', 1_000],
  [850.5, 'USD', 85_050],
  [0.1, 'USD', 10],
  [1.005, 'KWD', 1_005],
  [999_999_999.99, 'USD', 99_999_999_999],
  [1e9, 'KWD', 1e12],
])('%d %s is %d minor units', (amount, code, minor) => expect(toMinor(amount, code)).toBe(minor));

test.each([
  [0.5, 'JPY'],
  [850.005, 'USD'],
  [0.1 + 0.2, 'USD'],
  [1e-9, 'USD'],
  [1.0005, 'KWD'],
  [Number.NaN, 'USD'],
])('%d has more decimals than %s', (amount, code) => expect(toMinor(amount, code)).toBeUndefined());

test('an unknown currency is an error, not a guess', () => {
  expect(() => toMinor(1, 'ZZZ')).toThrow('ZZZ is not an ISO 4217 currency');
  expect(() => formatMoney(1, 'usd')).toThrow(RangeError);
});

describe('from one to the other and back', () => {
  test('any number of minor units', () => {
    const whole = fc.property(fc.nat({ max: 1e12 }), currencies, (minor, code) => {
      expect(toMinor(toMajor(minor, code), code)).toBe(minor);
    });
    fc.assert(whole, { numRuns: 5_000 });
  });

  test('any amount with the right decimals, as a program would write it', () => {
    const parts = fc.tuple(fc.nat({ max: 999_999_999 }), fc.nat({ max: 999 }), currencies);
    const whole = fc.property(parts, ([units, thousandths, code]) => {
      const digits = currencyDigits(code) ?? 0;
      const amount = Number(`${units}.${String(thousandths).padStart(3, '0').slice(0, digits)}`);
      expect(toMajor(toMinor(amount, code) ?? Number.NaN, code)).toBe(amount);
    });
    fc.assert(whole, { numRuns: 5_000 });
  });

  test('one digit too many is never rounded away', () => {
    const whole = fc.property(fc.nat({ max: 999_999_999 }), currencies, (units, code) => {
      const tooFine = Number(`${units}.${'0'.repeat(currencyDigits(code) ?? 0)}1`);
      expect(toMinor(tooFine, code)).toBeUndefined();
    });
    fc.assert(whole, { numRuns: 5_000 });
  });
});

test.each([
  [5, 'JPY', '5', '5 JPY'],
  [150_000, 'JPY', '150000', '150,000 JPY'],
  [5, 'USD', '0.05', '0.05 USD'],
  [100_000, 'USD', '1000.00', '1,000.00 USD'],
  [99_999, 'USD', '999.99', '999.99 USD'],
  [123_456_789_012, 'USD', '1234567890.12', '1,234,567,890.12 USD'],
  [1_234_567, 'KWD', '1234.567', '1,234.567 KWD'],
])('%d minor units of %s read %s and %s', (minor, code, plain, grouped) => {
  expect(formatPlain(minor, code)).toBe(plain);
  expect(formatMoney(minor, code)).toBe(grouped);
});
