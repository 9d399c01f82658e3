/** Properties of the policy under the controls of a merchant. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { PRICE_ENDINGS } from '../db/schema.ts';
import type { Terms } from '../terms.ts';
import { DEFAULT_TERMS } from '../terms.ts';
import { openingAsk } from './asks.ts';
import type { Controls, Decision, Haggle } from './decide.ts';
import { controlledAsk, decide } from './decide.ts';
import { gridOf } from './price-ending.ts';

const NO_THRESHOLD = Number.MAX_SAFE_INTEGER;
const deep = process.env['MODE'] === 'deep';
/** Haggles that each property is tried on; `pnpm test:deep` tries ten times as many. */
const runs = { numRuns: deep ? 50_000 : 2_000 };
if (deep) vi.setConfig({ testTimeout: 1_200_000 });

const prices = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 1e9 }));
const share = fc.double({ min: 0, max: 1.2, noNaN: true });
const cases = fc.record({
  prices: fc.tuple(prices, prices),
  rounds: fc.integer({ min: 1, max: 12 }),
  openingRatio: fc.double({ min: 0.1, max: 1, noNaN: true }),
  margin: fc.double({ min: 0, max: 1, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bids: fc.array(share, { minLength: 13, maxLength: 14 }),
  lowest: fc.option(share, { nil: undefined }),
  draft: fc.option(share, { nil: undefined }),
  ending: fc.constantFrom(...PRICE_ENDINGS),
  currency: fc.constantFrom('USD', 'KWD', 'JPY'),
});
type Case = typeof cases extends fc.Arbitrary<infer One> ? One : never;

function termsOf({ prices: [a, b], rounds, openingRatio, margin }: Case): Terms {
  const [baseMinor, floorMinor] = [Math.max(a, b), Math.min(a, b)];
  return { ...DEFAULT_TERMS, baseMinor, floorMinor, rounds, openingRatio, margin };
}

const partOf = (terms: Terms, part: number | undefined): number | undefined =>
  part === undefined ? undefined : Math.round(part * terms.baseMinor);

function controlsOf(terms: Terms, { lowest, draft, ending, currency }: Case): Controls {
  return {
    grid: gridOf(ending, currency),
    lowestAskMinor: partOf(terms, lowest),
    draftAboveMinor: partOf(terms, draft),
  };
}

interface Step {
  readonly before: Haggle;
  readonly bid: number;
  readonly decision: Decision;
}

function haggle(terms: Terms, one: Case, controls: Controls): Step[] {
  const steps: Step[] = [];
  const opening = controlledAsk(openingAsk(terms, one.jitter), terms, controls);
  let live: Haggle = { askMinor: opening, bids: [] };
  for (const part of one.bids) {
    const bid = Math.max(1, partOf(terms, part) ?? 1);
    const decision = decide(terms, live, bid, one.jitter, NO_THRESHOLD, controls);
    steps.push({ before: live, bid, decision });
    if (decision.kind !== 'countered') break;
    live = { askMinor: decision.moves[0].askMinor, bids: [...live.bids, bid] };
  }
  return steps;
}

const everyStep = (check: (step: Step, terms: Terms, controls: Controls, one: Case) => void) =>
  fc.property(cases, (one) => {
    const terms = termsOf(one);
    const controls = controlsOf(terms, one);
    for (const step of haggle(terms, one, controls)) check(step, terms, controls, one);
  });

test('no ask rises, lies above the list price, or below the floor or what controls demand', () => {
  const whole = everyStep(({ before, decision }, terms, { lowestAskMinor = 0 }) => {
    if (decision.kind !== 'countered') return;
    for (const { askMinor } of decision.moves) {
      expect(Number.isSafeInteger(askMinor)).toBe(true);
      expect(askMinor).toBeLessThanOrEqual(before.askMinor);
      expect(askMinor).toBeLessThanOrEqual(terms.baseMinor);
      expect(askMinor).toBeGreaterThanOrEqual(terms.floorMinor);
      expect(askMinor).toBeGreaterThanOrEqual(Math.min(lowestAskMinor, terms.baseMinor));
    }
  });
  fc.assert(whole, runs);
});

test('a refused bid is a commitment under controls too: the haggle is never sold for less', () => {
  const whole = everyStep(({ before, decision }) => {
    const best = Math.max(0, ...before.bids);
    const said = decision.kind === 'countered' ? decision.moves.map((m) => m.askMinor) : [];
    if (decision.kind === 'accepted') said.push(decision.finalMinor);
    for (const price of said) expect(price).toBeGreaterThanOrEqual(best);
  });
  fc.assert(whole, runs);
});

test('each ask has the ending, unless it is the list price', () => {
  const whole = everyStep(({ before, decision }, terms, { grid }) => {
    if (!grid) return;
    const asks = decision.kind === 'countered' ? decision.moves.map((each) => each.askMinor) : [];
    for (const ask of [before.askMinor, ...asks]) {
      const isOnGrid = (ask - grid.offset) % grid.every === 0;
      expect(isOnGrid || ask === terms.baseMinor).toBe(true);
    }
  });
  fc.assert(whole, runs);
});

test('an ending raises the ask that is due by less than one step, and by nothing else', () => {
  const whole = everyStep(({ before, bid, decision }, terms, controls, { jitter }) => {
    const { grid, ...others } = controls;
    const due = decide(terms, before, bid, jitter, NO_THRESHOLD, others);
    if (decision.kind !== 'countered' || due.kind !== 'countered' || !grid) return;
    const raised = decision.moves[0].askMinor - due.moves[0].askMinor;
    expect(raised).toBeGreaterThanOrEqual(0);
    expect(raised).toBeLessThan(grid.every);
  });
  fc.assert(whole, runs);
});

test('a bid at the live ask is a deal, or waits for a person where its price is above the draft', () => {
  const whole = everyStep(({ before }, terms, controls, { jitter }) => {
    const { askMinor } = before;
    const answer = decide(terms, before, askMinor, jitter, NO_THRESHOLD, controls);
    const isDraft = askMinor > (controls.draftAboveMinor ?? Infinity);
    const deal: Decision = { kind: 'accepted', finalMinor: askMinor };
    expect(answer).toEqual(isDraft ? { kind: 'ui_required' } : deal);
  });
  fc.assert(whole, runs);
});

test('draft mode changes nothing but deals above it', () => {
  const whole = everyStep(({ before, bid, decision }, terms, controls, { jitter }) => {
    const { draftAboveMinor = Infinity, ...others } = controls;
    const plain = decide(terms, before, bid, jitter, NO_THRESHOLD, others);
    const isDraft = plain.kind === 'accepted' && plain.finalMinor > draftAboveMinor;
    expect(decision).toEqual(isDraft ? { kind: 'ui_required' } : plain);
  });
  fc.assert(whole, runs);
});

test('an ask that was given is kept when the ceiling is reached after it', () => {
  const whole = everyStep(({ before }, terms, _, { jitter }) => {
    if (before.bids.length === 0) return;
    const reached = { lowestAskMinor: terms.baseMinor };
    const answer = decide(terms, before, before.askMinor, jitter, NO_THRESHOLD, reached);
    expect(answer).toEqual({ kind: 'accepted', finalMinor: before.askMinor });
  });
  fc.assert(whole, runs);
});

test('two floors in one bucket cannot be told apart under controls', () => {
  const whole = fc.property(cases, fc.nat(), (one, other) => {
    const terms = termsOf(one);
    const bucket = Math.max(1, Math.round(terms.baseMinor * terms.bucketRatio));
    const bottom = (Math.ceil(terms.floorMinor / bucket) - 1) * bucket;
    const top = Math.min(terms.baseMinor, bottom + bucket);
    const sibling = { ...terms, floorMinor: bottom + 1 + (other % (top - bottom)) };
    const controls = controlsOf(terms, one);
    expect(haggle(sibling, one, controls)).toEqual(haggle(terms, one, controls));
  });
  fc.assert(whole, runs);
});
