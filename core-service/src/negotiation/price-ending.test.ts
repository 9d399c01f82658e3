import { expect, test } from 'vitest';
import { gridOf, roundUp } from './price-ending.ts';

test.each([
  ['any', 'USD', 1_234, 1_234],
  ['.99', 'USD', 1_200, 1_299],
  ['.99', 'USD', 1_299, 1_299],
  ['.99', 'USD', 1, 99],
  ['.99', 'KWD', 1_991, 2_990],
  ['.00', 'USD', 1_201, 1_300],
  ['.00', 'USD', 1_200, 1_200],
  ['5', 'USD', 1_001, 1_500],
  ['5', 'JPY', 1_001, 1_005],
  ['5', 'JPY', 1_005, 1_005],
  ['5', 'KWD', 5_001, 10_000],
] as const)('%s in %s: %d becomes %d', (ending, currency, minor, rounded) => {
  expect(roundUp(minor, gridOf(ending, currency))).toBe(rounded);
});

test('where nothing is set any price will do', () => {
  expect(gridOf(null, 'USD')).toBeUndefined();
});
