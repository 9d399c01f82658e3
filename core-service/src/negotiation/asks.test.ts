import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Terms } from '../terms.ts';
import { DEFAULT_TERMS } from '../terms.ts';
import { askAfter, HELD_BACK, openingAsk } from './asks.ts';

/** Buckets of 20.00; the floor lies on the edge of one, and there is no margin above it. */
const terms = { ...DEFAULT_TERMS, margin: 0, baseMinor: 100_000, floorMinor: 60_000 };
const { rounds } = terms;
const times = (bid: number, count: number): number[] => Array.from({ length: count }, () => bid);
const lastAsk = (bids: readonly number[]): number => askAfter(terms, 0, bids);
const bid = fc.nat({ max: 100_000 });
const session = fc.array(bid, { minLength: rounds, maxLength: rounds });

test.each([
  ['never moves', times(40_000, rounds), 65_200],
  [
    'bids half of what is left between 70 % of the reserve and all of it',
    times(51_000, rounds),
    62_600,
  ],
  ['bids the reserve in half of the rounds', [...times(1, 5), ...times(60_000, 5)], 62_600],
  ['bids the reserve all along', times(60_000, rounds), 60_000],
  ['comes to the reserve in the last bid alone', [...times(40_000, rounds - 1), 60_000], 64_680],
])('a buyer who %s: the last ask', (_who, bids, ask) => {
  expect(lastAsk(bids)).toBe(ask);
});

test('bids of earlier haggles earned nothing and have to be made up for', () => {
  const bids = times(60_000, rounds);
  expect(askAfter(terms, 0, bids, 10)).toBe(62_600);
  expect(askAfter(terms, 0, bids, 30)).toBe(63_900);
});

test('a jump buys no more than the same rounds of honest concession', () => {
  const count = fc.integer({ min: 2, max: rounds + 1 });
  const whole = fc.property(bid, bid, count, (a, b, n) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const jump = [...times(low, n - 1), high];
    const honest = jump.map((_, i) => Math.round(low + (i / (n - 1)) * (high - low)));
    const after = askAfter(terms, 0, jump);
    // A bid at or above the ask is a deal.
    fc.pre(high < after);
    expect(after).toBeGreaterThanOrEqual(askAfter(terms, 0, honest));
    // One round's part of what is held back, at most, but where the bids ended before the jump.
    const before = askAfter(terms, 0, times(low, n));
    const part = Math.ceil((HELD_BACK / rounds) * 40_000) + 1;
    const step = n < rounds ? 2_000 : 0;
    expect(before - after).toBeLessThanOrEqual(n > rounds ? 0 : part + step);
  });
  fc.assert(whole, { numRuns: 5_000 });
});

test('a bid is a commitment: no later ask is below it', () => {
  const whole = fc.property(session, fc.nat({ max: rounds - 1 }), (bids, n) => {
    const ask = askAfter(terms, 0, bids.slice(0, n + 1));
    for (const before of bids.slice(0, n)) expect(ask).toBeGreaterThanOrEqual(before);
  });
  fc.assert(whole, { numRuns: 2_000 });
  const highThenLow = [...times(75_000, 5), ...times(60_000, 5)];
  expect(lastAsk(highThenLow)).toBe(75_000);
});

test('better bids at or below the reserve are never answered with a higher ask', () => {
  const low = fc.array(fc.nat({ max: 60_000 }), { minLength: 1, maxLength: rounds + 1 });
  const whole = fc.property(low, fc.infiniteStream(fc.nat({ max: 60_000 })), (bids, more) => {
    const bolder = bids.map((each) => Math.max(each, more.next().value as number));
    expect(askAfter(terms, 0, bolder)).toBeLessThanOrEqual(askAfter(terms, 0, bids));
  });
  fc.assert(whole, { numRuns: 2_000 });
});

test('the asks fall from the first round on, whatever the floor, and tell it late', () => {
  const asks = (floorMinor: number): number[] =>
    Array.from({ length: rounds }, (_, i) =>
      askAfter({ ...terms, floorMinor }, 0, times(1, i + 1)),
    );
  expect(asks(60_000).slice(0, 4)).toEqual([99_975, 99_950, 99_925, 99_900]);
  expect(asks(90_000).slice(0, 4)).toEqual(asks(60_000).slice(0, 4));
  const falling = asks(60_000);
  expect(falling.every((ask, i) => i === 0 || ask < (falling[i - 1] as number))).toBe(true);
});

test('who bid the reserve all along meets the published curve, within a step above it', () => {
  for (const round of [1, 5, 9, 10, 11]) {
    const elapsed = Math.min(round, rounds) / rounds;
    const last = 60_000 + Math.round((1 - elapsed) * HELD_BACK * 40_000);
    const due = last + Math.ceil((1 - elapsed ** (1 / terms.beta)) * (100_000 - last));
    const step = round < rounds ? 2_000 : 0;
    const ask = askAfter(terms, 0, times(60_000, round));
    expect(ask).toBeGreaterThanOrEqual(due - round * 25);
    expect(ask).toBeLessThanOrEqual(due + step);
  }
});

test.each<[string, Partial<Terms>, number, number]>([
  ['the floor up to the bucket', { floorMinor: 59_999 }, 0, 60_000],
  ['a floor above the edge to the next one', { floorMinor: 60_001 }, 0, 62_000],
  ['the jitter by up to an eighth of a bucket', {}, 0.999, 60_249],
  ['never above the list price', { floorMinor: 99_999 }, 0.999, 100_000],
  ['the margin onto the bucket', { floorMinor: 59_999, margin: 0.1 }, 0, 64_000],
  ['the greater of both margins', { margin: 0.1, marginMinor: 9_000 }, 0, 69_000],
  ['the smaller of both margins away', { margin: 0.1, marginMinor: 3_000 }, 0, 64_000],
  ['a margin beyond the list price down to it', { marginMinor: 50_000 }, 0, 100_000],
  ['the greatest discount up', { margin: 0.1, discountCap: 0.3 }, 0, 70_000],
  ['no discount at all to the list price', { discountCap: 0 }, 0, 100_000],
])('the reserve rounds %s', (_what, own, jitter, reserve) => {
  expect(askAfter({ ...terms, ...own }, jitter, times(reserve, rounds))).toBe(reserve);
});

test.each([
  [1, 100_000],
  [0.9, 90_000],
  [0.5, 60_000],
])('the opening at %f of the list price is never below the reserve', (openingRatio, ask) => {
  const item = { ...terms, openingRatio };
  expect(openingAsk(item, 0)).toBe(ask);
  expect(askAfter(item, 0, [])).toBe(ask);
});
