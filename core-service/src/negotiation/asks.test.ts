import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askInRound, DEFAULT_TERMS, openingAsk } from './asks.ts';

/** Buckets of 20.00; the floor lies on the edge of one, so that the reserve is the floor. */
const terms = { ...DEFAULT_TERMS, baseMinor: 100_000, floorMinor: 60_000 };
const lastAsk = (firstMinor: number, bestMinor: number): number =>
  askInRound(terms, terms.rounds, 0, { firstMinor, bestMinor });
const bids = fc.nat({ max: 100_000 });

test.each([
  ['never moves', 40_000, 40_000, 66_000],
  ['closes half of the gap', 40_000, 50_000, 63_000],
  ['comes to the reserve', 40_000, 60_000, 60_000],
  ['begins above the reserve', 70_000, 70_000, 60_000],
  ['begins at next to nothing and comes to half the reserve', 1, 30_000, 66_000],
  ['begins at next to nothing and comes near', 1, 45_000, 63_000],
])('a buyer who %s: the last ask', (_who, first, best, ask) => {
  expect(lastAsk(first, best)).toBe(ask);
});

test('a better bid is never answered with a higher ask, nor a later round', () => {
  const round = fc.nat({ max: 12 });
  const whole = fc.property(bids, bids, bids, round, (firstMinor, a, b, n) => {
    const [low, high] = [firstMinor + Math.min(a, b), firstMinor + Math.max(a, b)];
    const timid = askInRound(terms, n, 0, { firstMinor, bestMinor: low });
    const bold = askInRound(terms, n, 0, { firstMinor, bestMinor: high });
    expect(bold).toBeLessThanOrEqual(timid);
    expect(askInRound(terms, n + 1, 0, { firstMinor, bestMinor: low })).toBeLessThanOrEqual(timid);
  });
  fc.assert(whole, { numRuns: 2_000 });
});

test('who conceded all the way meets the published curve', () => {
  const conceded = { firstMinor: 1, bestMinor: 60_000 };
  for (const round of [0, 1, 5, 9, 10, 11]) {
    const elapsed = Math.min(round, 10) / 10;
    const expected = 60_000 + Math.ceil((1 - elapsed ** (1 / 0.35)) * 40_000);
    expect(askInRound(terms, round, 0, conceded)).toBe(expected);
  }
});

test.each([
  ['the floor up to the bucket', 59_999, 0, 60_000],
  ['a floor above the edge to the next one', 60_001, 0, 62_000],
  ['the jitter by up to an eighth of a bucket', 60_000, 0.999, 60_249],
  ['never above the list price', 99_999, 0.999, 100_000],
])('the reserve rounds %s', (_what, floorMinor, jitter, reserve) => {
  const done = { firstMinor: reserve, bestMinor: reserve };
  expect(askInRound({ ...terms, floorMinor }, 10, jitter, done)).toBe(reserve);
});

test.each([
  [1, 100_000],
  [0.9, 90_000],
  [0.5, 60_000],
])('the opening at %f of the list price is never below the reserve', (openingRatio, ask) => {
  const item = { ...terms, openingRatio };
  expect(openingAsk(item, 0)).toBe(ask);
  expect(askInRound(item, 0, 0, { firstMinor: 1, bestMinor: 1 })).toBe(ask);
});
