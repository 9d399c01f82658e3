import { expect, test } from 'vitest';
import { DEFAULT_TERMS, PRESETS } from '../../terms.ts';
import { reserveOf } from '../asks.ts';
import { exampleOf, simulate } from './simulate.ts';

const item = { baseMinor: 90_000, floorMinor: 60_000 };
const terms = { ...DEFAULT_TERMS, ...item };
const balanced = { id: 'desk', terms };
const crowd = { buyers: 200, seed: 1 };

test('the same seed gives the same figures, and another one others', () => {
  const simulated = simulate(balanced, crowd);
  expect(simulate(balanced, crowd)).toEqual(simulated);
  expect(simulate(balanced, { ...crowd, seed: 2 })).not.toEqual(simulated);
});

test('a deal lies between the floor and the list price, and earns what it is above the floor', () => {
  const { buyers } = simulate(balanced, crowd);
  for (const { deals, priceMinor, earnedMinor, share } of buyers) {
    expect(priceMinor).toBeGreaterThan(item.floorMinor);
    expect(priceMinor).toBeLessThanOrEqual(item.baseMinor);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
    expect(earnedMinor).toBeCloseTo(deals * (priceMinor - item.floorMinor), 3);
  }
});

test('no buyer gets it for less than one who knows the reserve, and that is never the floor', () => {
  const { buyers, insider } = simulate(balanced, crowd);
  const reserve = reserveOf(terms, 0);
  expect(buyers).toHaveLength(8);
  expect(insider.priceMinor).toBeGreaterThanOrEqual(reserve);
  expect(insider.priceMinor).toBeLessThan(reserveOf(terms, 1) + 1);
  for (const { priceMinor } of buyers) expect(priceMinor).toBeGreaterThan(insider.priceMinor);
});

test('a firm seller keeps more of fewer deals; a quick one sells to the impatient', () => {
  const [firm, usual, quick] = [PRESETS.firm, PRESETS.balanced, PRESETS['quick sale']].map(
    (preset) => simulate({ id: 'desk', terms: { ...preset, ...item } }, crowd),
  );
  expect(firm!.mean.share).toBeGreaterThan(usual!.mean.share);
  expect(firm!.mean.deals).toBeLessThan(usual!.mean.deals);
  expect(firm!.insider.share).toBeGreaterThan(usual!.insider.share);
  expect(quick!.impatient.deals).toBeGreaterThan(2 * usual!.impatient.deals);
  expect(quick!.impatient.earnedMinor).toBeGreaterThan(usual!.impatient.earnedMinor);
});

test('an item that sells at its list price only: all of nothing', () => {
  const fixed = { id: 'desk', terms: { ...terms, floorMinor: 90_000 } };
  const { mean, insider } = simulate(fixed, crowd);
  expect(mean).toMatchObject({ share: 1, deals: 1, priceMinor: 90_000, earnedMinor: 0 });
  expect(insider.priceMinor).toBe(90_000);
});

test('the smallest gap there is can be played', () => {
  const pin = { id: 'pin', terms: { ...terms, baseMinor: 2, floorMinor: 1 } };
  const { buyers, impatient, insider } = simulate(pin, { buyers: 5, seed: 0 });
  for (const one of [...buyers, impatient, insider]) {
    expect(Number.isFinite(one.share + one.earnedMinor + one.rounds)).toBe(true);
  }
});

test('an example is a whole haggle of that kind, and its asks have the ending', () => {
  const { asks, bids } = exampleOf(balanced, 1, 'linear');
  expect(asks[0]).toBe(item.baseMinor);
  expect(bids).toEqual(bids.toSorted((a, b) => a - b));
  const controls = { grid: { every: 500, offset: 0 } };
  const ended = exampleOf({ ...balanced, controls }, 1, 'linear');
  expect(ended.asks.filter((ask) => ask % 500 !== 0)).toEqual([]);
  expect(() => exampleOf(balanced, 1, 'nobody')).toThrow('nobody');
});
