import { expect, test } from 'vitest';
import { possibleCases, sample } from './cases.ts';
import { formerPolicy } from './former-policy.ts';
import { measureLearners } from './learners.ts';
import { measureEight } from './measure.ts';
import { auraPolicy, YARDSTICKS } from './policies.ts';
import { measureStrategy, QUICK, searchWorst } from './search.ts';
import { JUMPS } from './strategies.ts';

const all = possibleCases(1_000);
const cases = sample(all, 200);

test('the adversary undoes the former policy, by one bid and without', () => {
  for (const jump of Object.values(JUMPS)) {
    const { share, deals } = measureStrategy(formerPolicy, cases, jump);
    expect(share).toBeLessThan(0.15);
    expect(deals).toBeGreaterThan(0.9);
  }
  expect(searchWorst(formerPolicy, cases, QUICK, false).figures.share).toBeLessThan(0.12);
});

test('a buyer who has read the source leaves 0.3 in one session, and 0.25 over twenty', () => {
  const worst = searchWorst(auraPolicy, cases, QUICK, false);
  expect(worst.figures.share).toBeGreaterThan(0.3);
  expect(searchWorst(auraPolicy, cases, QUICK, true).figures.share).toBeGreaterThan(0.25);
  const few = sample(all, 100);
  const who = ['fresh', 'one', 'counted'] as const;
  const learned = who.flatMap((each) => measureLearners(auraPolicy, few, worst.strategy, each));
  for (const { figures } of learned) expect(figures.share).toBeGreaterThan(0.25);
});

test('the jumps gain nothing: their buyers deal no cheaper than one who only waits', () => {
  const jump = Object.values(JUMPS).at(-1)!;
  const jumped = measureStrategy(auraPolicy, cases, jump);
  const waited = measureStrategy(auraPolicy, cases, { ...jump, jumpAt: 0 });
  expect(jumped.gain).toBeLessThanOrEqual(waited.gain);
});

test('against the eight buyers the policy earns more than the sellers it is held against', () => {
  const { share, deals, dealsInMargin, rounds } = measureEight(auraPolicy, all);
  expect(share).toBeGreaterThan(0.7);
  expect(dealsInMargin).toBeGreaterThan(0.93);
  expect(rounds).toBeLessThan(9);
  const earned = YARDSTICKS.map((yardstick) => {
    const eight = measureEight(yardstick, all);
    return { name: yardstick.name, earned: eight.share * eight.deals };
  });
  const better = earned.filter((each) => each.earned > share * deals).map(({ name }) => name);
  // It gives way as late as the policy and keeps no margin: what that earns, the adversary takes.
  expect(better).toEqual(['Boulware, exponent 0.2']);
});
