import { expect, test } from 'vitest';
import { DEFAULT_TERMS, PRESETS } from '../../terms.ts';
import { exampleOf, simulateItem } from './simulate-item.ts';

const item = { baseMinor: 90_000, floorMinor: 60_000 };
const crowd = { buyers: 100, seed: 1 };
const byDefault = simulateItem({ id: 'desk', terms: { ...DEFAULT_TERMS, ...item } }, crowd);

test('the same seed gives the same figures, and another one others', () => {
  expect(simulateItem({ id: 'desk', terms: { ...DEFAULT_TERMS, ...item } }, crowd)).toEqual(
    byDefault,
  );
  const other = simulateItem(
    { id: 'desk', terms: { ...DEFAULT_TERMS, ...item } },
    { ...crowd, seed: 2 },
  );
  expect(other).not.toEqual(byDefault);
});

test('a deal lies between the floor and the list price, and earns what it is above the floor', () => {
  for (const one of byDefault) {
    expect(one.priceMinor).toBeGreaterThan(item.floorMinor);
    expect(one.priceMinor).toBeLessThanOrEqual(item.baseMinor);
    expect(one.share).toBeGreaterThan(0);
    expect(one.share).toBeLessThanOrEqual(1);
  }
  const { deals, priceMinor, earnedMinor } = byDefault[0]!;
  expect(earnedMinor / 100).toBeCloseTo(deals * (priceMinor - item.floorMinor), -1);
});

test('a margin keeps more of each deal and makes fewer of them', () => {
  const [mean, firm] = [
    byDefault,
    simulateItem({ id: 'desk', terms: { ...PRESETS.firm, ...item } }, crowd),
  ].map((figures) => figures.at(-1)!);
  expect(firm!.share).toBeGreaterThan(mean!.share);
  expect(firm!.deals).toBeLessThan(mean!.deals);
});

test('the smallest gap there is can be played', () => {
  const terms = { ...DEFAULT_TERMS, baseMinor: 2, floorMinor: 1 };
  for (const one of simulateItem({ id: 'pin', terms }, { buyers: 5, seed: 0 })) {
    expect(Number.isFinite(one.share + one.earnedMinor + one.rounds)).toBe(true);
  }
});

test('an example is a whole haggle of that kind', () => {
  const { asks, bids } = exampleOf(
    { id: 'desk', terms: { ...DEFAULT_TERMS, ...item } },
    1,
    'linear',
  );
  expect(asks[0]).toBe(item.baseMinor);
  expect(bids).toEqual(bids.toSorted((a, b) => a - b));
  expect(() =>
    exampleOf({ id: 'desk', terms: { ...DEFAULT_TERMS, ...item } }, 1, 'nobody'),
  ).toThrow('nobody');
});
