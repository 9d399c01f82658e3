import { expect, test } from 'vitest';
import { plotLines } from './plot.ts';

test('draws each value in its column, later series over earlier ones', () => {
  const lines = plotLines(
    [
      { mark: '·', values: [Number.NaN, 0, 10] },
      { mark: '●', values: [10, 5, 10] },
    ],
    String,
  );
  expect(lines).toHaveLength(12);
  expect([lines[0], lines[5], lines[10], lines[11]]).toEqual([
    '  10 │  ●     ●',
    '   5 │     ●',
    '   0 │     ·',
    '     └  0  1  2',
  ]);
});

test('draws a price that never moves in one line', () => {
  expect(plotLines([{ mark: '●', values: [7, 7] }], String)).toEqual([
    '  7 │  ●  ●',
    '    └  0  1',
  ]);
});
