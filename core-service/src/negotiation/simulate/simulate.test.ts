import { expect, test } from 'vitest';
import { DEFAULT_TERMS, PRESETS, reserveOf } from '../asks.ts';
import { formatSimulation } from './format.ts';
import { simulate } from './simulate.ts';

const item = { baseMinor: 90_000, floorMinor: 60_000 };
const balanced = { ...DEFAULT_TERMS, ...item };

test('the same seed gives the same figures, and another one others', () => {
  const simulated = simulate(balanced, 'a seed');
  expect(simulate(balanced, 'a seed')).toEqual(simulated);
  expect(simulate(balanced, 'another seed')).not.toEqual(simulated);
});

test('no buyer gets it for less than one who knows the reserve, and that is never the floor', () => {
  const { buyers, insider } = simulate(balanced, 'a seed');
  const reserve = reserveOf(balanced, 0);
  expect(buyers).toHaveLength(8);
  expect(insider.priceMinor).toBeGreaterThanOrEqual(reserve);
  expect(insider.priceMinor).toBeLessThan(reserveOf(balanced, 1) + 1);
  for (const { priceMinor } of buyers) expect(priceMinor).toBeGreaterThan(insider.priceMinor);
});

test('a firm seller keeps more of fewer deals; a quick one sells to the impatient', () => {
  const [firm, usual, quick] = [PRESETS.firm, PRESETS.balanced, PRESETS['quick sale']].map(
    (preset) => simulate({ ...preset, ...item }, 'a seed'),
  );
  expect(firm!.mean.share).toBeGreaterThan(usual!.mean.share);
  expect(firm!.mean.deals).toBeLessThan(usual!.mean.deals);
  expect(firm!.insider.share).toBeGreaterThan(usual!.insider.share);
  expect(quick!.impatient.deals).toBeGreaterThan(2 * usual!.impatient.deals);
  expect(quick!.impatient.earnedMinor).toBeGreaterThan(usual!.impatient.earnedMinor);
});

test('an item that sells at its list price only: all of nothing', () => {
  const { mean, insider } = simulate({ ...balanced, floorMinor: 90_000 }, 'a seed');
  expect(mean).toMatchObject({ share: 1, deals: 1, priceMinor: 90_000, earnedMinor: 0 });
  expect(insider.priceMinor).toBe(90_000);
});

test('is printed in the currency, a line for each buyer', () => {
  const lines = formatSimulation(simulate(balanced, 'a seed'), 'USD');
  expect(lines).toHaveLength(12);
  expect(lines[0]).toMatch(/^buyer +price +earned +deals +bids +share$/);
  expect(lines[8]).toMatch(
    /^bid your budget +8\d\d\.\d\d USD +\d+\.\d\d USD +0\.\d\d +\d\.\d +█{20} 1\.00$/,
  );
});
