import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPlain } from './money.ts';
import { readAmount } from './amount.ts';

describe('an amount', () => {
  test.each([
    ['50', 'USD', 5_000],
    ['50.5', 'USD', 5_050],
    [' 1234.50 ', 'USD', 123_450],
    ['1,234.50', 'USD', 123_450],
    ['1.234,50', 'EUR', 123_450],
    ['12,5', 'EUR', 1_250],
    ['1 234,50', 'EUR', 123_450],
    ['1\u202f234,50', 'EUR', 123_450],
    ["1'234.50", 'CHF', 123_450],
    ['1’234’567', 'CHF', 123_456_700],
    ['1,234,567', 'USD', 123_456_700],
    ['1.234.567', 'EUR', 123_456_700],
    ['68000', 'JPY', 68_000],
    ['68 000', 'JPY', 68_000],
    ['85.500', 'KWD', 85_500],
    ['1.234,500', 'KWD', 1_234_500],
    ['007', 'USD', 700],
    ['999999999.99', 'USD', 99_999_999_999],
    ['0', 'USD', 0],
    ['1,25,000.00', 'INR', 12_500_000],
    ['12,34,567', 'INR', 123_456_700],
    ['12,34,567.00', 'USD', 123_456_700],
    ['€ 89,90', 'EUR', 8_990],
    ['60 €', 'EUR', 6_000],
    ['60\u00a0€', 'EUR', 6_000],
    ['USD 60', 'USD', 6_000],
    ['60usd', 'USD', 6_000],
    ['US$ 60', 'USD', 6_000],
    ['$1,234.50', 'USD', 123_450],
    ['$50', 'CAD', 5_000],
    ['CA$50', 'CAD', 5_000],
    ['50 Kč', 'CZK', 5_000],
    ['kr. 50', 'DKK', 5_000],
    ["CHF 1'234.50", 'CHF', 123_450],
    ['₹1,25,000', 'INR', 12_500_000],
    ['¥1,000,000', 'JPY', 1_000_000],
    ['￥1000', 'JPY', 1_000],
    ['1000.00', 'JPY', 1_000],
    ['100.00', 'JPY', 100],
    ['1234.5000', 'USD', 123_450],
    ['89.9000', 'USD', 8_990],
    ['12.0000', 'JPY', 12],
    ['0.500', 'USD', 50],
    ['0,5000', 'EUR', 50],
    ['1234.500', 'USD', 123_450],
    ['.50', 'USD', 50],
    ['１２３４．５０', 'USD', 123_450],
    ['\ufeff50\u200b', 'USD', 5_000],
  ])('%j in %s is %d minor units', (text, code, minor) => {
    expect(readAmount(text, code)).toBe(minor);
  });

  test.each([
    ['1,234', 'USD', /could be 1234 or 1\.234; write it like 1234\.50$/],
    ['1.234', 'EUR', /could be 1234 or 1\.234/],
    ['68.000', 'JPY', /could be 68000 or 68; write it like 1234$/],
    ['1,234', 'KWD', /could be 1234 or 1\.234/],
    ['12,0000', 'JPY', /could be 120000 or 12; write it like 1234$/],
    ['¥12,0000', 'JPY', /could be 120000 or 12/],
    ['1,2500', 'USD', /could be 12500 or 1\.25; write it like 1234\.50$/],
    ['1,00000', 'INR', /could be 100000 or 1; write it like 1234\.50$/],
    ['1,0000.00', 'USD', /misplaced separators/],
    ['50.005', 'USD', /could be 50005 or 50\.005/],
    ['50.0050', 'USD', /more than the 2 decimals of USD/],
    ['100.5', 'JPY', /more than the 0 decimals of JPY/],
    ['1.25.000', 'INR', /misplaced separators/],
    ['0.30000000000000004', 'USD', /more than the 2 decimals of USD/],
    ['€ 89,90', 'USD', /^"€ 89,90" has €, but its currency is USD$/],
    ['60 GBP', 'EUR', /has GBP, but its currency is EUR/],
    ['US$ 60', 'CAD', /has US\$, but its currency is CAD/],
    ['USD 60 €', 'USD', /has €, but its currency is USD/],
    ['$1.234', 'USD', /could be 1234 or 1\.234/],
    ['−50', 'EUR', /is not an amount/],
    ['(50)', 'EUR', /is not an amount/],
    ['50,-', 'EUR', /is not an amount/],
    ['50 bucks', 'USD', /is not an amount/],
    ['€', 'EUR', /is not an amount/],
    ['5²', 'USD', /is not an amount/],
    ['1,,234.00', 'USD', /misplaced separators/],
    ['1.2,3.4', 'USD', /misplaced separators/],
    ['1234,567.00', 'USD', /misplaced separators/],
    ['1000000000', 'USD', /not below 1000000000/],
    ['free', 'USD', /is not an amount/],
    ['-50', 'USD', /is not an amount/],
    ['+50', 'USD', /is not an amount/],
    ['1e3', 'USD', /is not an amount/],
    ['٥٠', 'USD', /is not an amount/],
    ['50.', 'USD', /is not an amount/],
    ['NaN', 'USD', /is not an amount/],
  ])('%j in %s is refused: %s', (text, code, reason) => {
    expect(readAmount(text, code)).toMatch(reason);
  });

  test.each([
    [1234.5, 'USD', 123_450],
    [1.234, 'KWD', 1_234],
    [1000, 'JPY', 1_000],
    [
      0.1 + 0.2,
      'USD',
      '0.30000000000000004 has more than the 2 decimals of USD; write it like 1234.50',
    ],
    [1.234, 'USD', '1.234 has more than the 2 decimals of USD; write it like 1234.50'],
    [1e-7, 'USD', '1e-7 has more than the 2 decimals of USD; write it like 1234.50'],
    [1e21, 'USD', '1e+21 is not below 1000000000'],
    [-5, 'USD', '-5 is below 0'],
    [Number.NaN, 'USD', 'NaN is below 0'],
  ])('that a program wrote as the number %d in %s is taken as it is', (amount, code, read) => {
    expect(readAmount(amount, code)).toBe(read);
  });

  test('that we write ourselves is read as it was, whatever it is', () => {
    const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF');
    fc.assert(
      fc.property(currency, fc.integer({ min: 1, max: 999_999_999 }), (code, minor) => {
        expect(readAmount(formatPlain(minor, code), code)).toBe(minor);
      }),
    );
  });

  test('is read or refused in words, never thrown over', () => {
    const mess = fc.string({ unit: fc.constantFrom(..."0123456789., '’\u00a0-ex$€U") });
    fc.assert(
      fc.property(mess, (text) => {
        const read = readAmount(text, 'USD');
        expect(typeof read === 'string' || Number.isSafeInteger(read)).toBe(true);
      }),
    );
  });
});
