import { describe, expect, test } from 'vitest';
import { pairedRatios, percentile, spreadOf } from './figures.ts';

describe('the spread of some rounds', () => {
  test('of an odd number has the one in the middle, whatever their order', () => {
    expect(spreadOf([10, 9, 100])).toEqual({ median: 10, least: 9, most: 100 });
  });

  test('of an even number has the mean of the two in the middle', () => {
    expect(spreadOf([4, 1, 3, 10])).toEqual({ median: 3.5, least: 1, most: 10 });
  });

  test('of none there is none', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

  test.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0.001, 1],
  ])('%d of 1 to 100', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  test('of few values is the largest of them', () => {
    expect(percentile([1, 2, 7], 0.99)).toBe(7);
  });

  test('of none is no number', () => {
    expect(percentile([], 0.99)).toBeNaN();
  });
});

test('ratios are of one round each, so that a slow machine cancels out', () => {
  expect(pairedRatios([3, 30, 3], [2, 20, 2])).toEqual([1.5, 1.5, 1.5]);
});

test('a round of which one figure was not seen has no ratio', () => {
  expect(pairedRatios([3, undefined, 8], [undefined, 2, 4])).toEqual([2]);
});
