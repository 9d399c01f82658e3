import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumber } from './numbers.ts';

const whole = { min: 0, max: 1_000_000_000, isWhole: true };
const ratio = { min: 0.01, max: 10 };

test.each([
  ['5', 5],
  [' 5\u00a0', 5],
  ['007', 7],
  ['5.0', 5],
  ['5,00', 5],
  ['1000.00', 1_000],
  ['1.000,00', 1_000],
  ['12.0000', 12],
  ['1 234,0000', 1_234],
  ['1234.000000', 1_234],
  ['1 000', 1_000],
  ['1\u00a0000', 1_000],
  ['1\u202f000', 1_000],
  ["1'000", 1_000],
  ['1’000', 1_000],
  ['1_000', 1_000],
  ['1.000.000', 1_000_000],
  ['1,000,000', 1_000_000],
  ['1,25,000', 125_000],
  ['１０００', 1_000],
  ['１，０００，０００', 1_000_000],
  ['1000000000', 1_000_000_000],
])('%j is the whole number %d', (text, value) => {
  expect(readNumber(text, whole)).toBe(value);
});

const RANGE = 'must be a whole number from 0 to 1000000000, not ';
test.each([
  ['1.000', '"1.000", which could be 1000 or 1; write it without a separator'],
  ['1,000', '"1,000", which could be 1000 or 1; write it without a separator'],
  ['12.000', '"12.000", which could be 12000 or 12; write it without a separator'],
  ['1,0000', '"1,0000", which could be 10000 or 1; write it without a separator'],
  ['1234,0000', '"1234,0000", which could be 12340000 or 1234; write it without a separator'],
  ['１２，００００', '"１２，００００", which could be 120000 or 12; write it without a separator'],
  ['12,00000', '"12,00000", which could be 1200000 or 12; write it without a separator'],
  ['12,000000', '"12,000000", which could be 12000000 or 12; write it without a separator'],
  ['1234,000000', '"1234,000000", which could be 1234000000 or 1234; write it without a separator'],
  ['1,00000000', '"1,00000000", which could be 100000000 or 1; write it without a separator'],
  ['1,0000,0000', '"1,0000,0000", which has misplaced separators'],
  ['12 0000', '"12 0000"'],
  ['1,500', '"1,500", which could be 1500 or 1.5; write it without a separator'],
  ['１．０００', '"１．０００", which could be 1000 or 1; write it without a separator'],
  ['1,2,3', '"1,2,3", which has misplaced separators'],
  ['1.25.000', '"1.25.000", which has misplaced separators'],
  ['+5', '"+5"; write it without a sign'],
  ['1e3', '"1e3"; write out its digits'],
  ['1,2E+05', '"1,2E+05"; write out its digits'],
  ['-1', '"-1"'],
  ['1.5', '1.5'],
  ['0,5', '"0,5"'],
  ['0.500', '"0.500"'],
  ['0x10', '"0x10"'],
  ['Infinity', '"Infinity"'],
  ['NaN', '"NaN"'],
  ['', '""'],
  ['5.', '"5."'],
  ['1 00', '"1 00"'],
  ['5 pcs', '"5 pcs"'],
  ['٥', '"٥"'],
  ['5²', '"5²"'],
  ['½', '"½"'],
  ['1000000001', '1000000001'],
  ['99999999999999999999', '"99999999999999999999"'],
])('%j is no whole number', (text, words) => {
  expect(readNumber(text, whole)).toBe(RANGE + words);
});

test.each([
  ['0.35', 0.35],
  ['0,35', 0.35],
  ['.5', 0.5],
  // No ratio reaches a thousand, so that nothing is unclear.
  ['1.125', 1.125],
  ['1,125', 1.125],
  ['1,1250', 1.125],
  ['0,1250', 0.125],
  ['1,125000', 1.125],
  ['0.30000000000000004', 0.30000000000000004],
])('%j is the ratio %d', (text, value) => {
  expect(readNumber(text, ratio)).toBe(value);
});

test.each(['10,5', '1e-1', '2 %', '0', '1.000.000'])('%j is no ratio', (text) => {
  expect(readNumber(text, ratio)).toMatch(/^must be a number from 0\.01 to 10, not /);
});

test('a whole number in digits, grouped or not, is never another one', () => {
  const number = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(number, fc.constantFrom('', ' ', "'", ',', '.'), (value, mark) => {
      const text = String(value).replace(/\B(?=(\d{3})+$)/g, mark);
      expect([value, expect.stringContaining('could be')]).toContainEqual(readNumber(text, whole));
    }),
  );
});
