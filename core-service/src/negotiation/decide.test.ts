import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Terms } from '../terms.ts';
import { DEFAULT_TERMS } from '../terms.ts';
import { askAfter, HELD_BACK, openingAsk } from './asks.ts';
import type { Decision, Haggle } from './decide.ts';
import { decide } from './decide.ts';

const NO_THRESHOLD = Number.MAX_SAFE_INTEGER;
const deep = process.env['MODE'] === 'deep';
/** Haggles that each property is tried on, each of about ten bids; `pnpm test:deep` tries fifty times as many. */
const runs = { numRuns: deep ? 100_000 : 2_000 };
if (deep) vi.setConfig({ testTimeout: 1_200_000 });

/** Up to the largest price there is: 1e9 in a currency of 3 decimals. */
const prices = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 1e12 }));
/** Each with parameters of its own; every other with the defaults. */
const items = fc
  .tuple(prices, prices, fc.option(parameters()))
  .map(([a, b, own]) => ({ ...termsOf(Math.max(a, b), Math.min(a, b)), ...own }));
const jitters = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** A bid as a share of the list price: below the floor, above the list price, and between. */
const share = fc.double({ min: 0, max: 1.3, noNaN: true });
const manyBids = fc.array(share, { minLength: 12, maxLength: 14 });
/** Half of them concede, as buyers do. */
const shares = fc
  .tuple(manyBids, fc.boolean())
  .map(([bids, rising]) => (rising ? bids.toSorted((a, b) => a - b) : bids));
/** Which of the allowed moves is made each time. */
const choices = fc.infiniteStream(fc.nat({ max: 1 }));

function termsOf(baseMinor: number, floorMinor: number): Terms {
  return { ...DEFAULT_TERMS, baseMinor, floorMinor };
}

/** As the database allows them, but for more rounds than there are bids here. */
function parameters(): fc.Arbitrary<Omit<Terms, 'baseMinor' | 'floorMinor'>> {
  return fc.record({
    rounds: fc.integer({ min: 1, max: 12 }),
    beta: fc.double({ min: 0.01, max: 10, noNaN: true }),
    bucketRatio: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
    openingRatio: fc.double({ min: 0.1, max: 1, noNaN: true }),
    margin: fc.double({ min: 0, max: 1, noNaN: true }),
    marginMinor: fc.nat({ max: 2_000 }),
    discountCap: fc.double({ min: 0, max: 1, noNaN: true }),
  });
}

function begin(terms: Terms, jitter: number): Haggle {
  return { askMinor: openingAsk(terms, jitter), bids: [] };
}

interface Step {
  readonly before: Haggle;
  readonly bid: number;
  readonly decision: Decision;
}

/** A whole haggle, until it ends or the bids do. */
function haggle(
  terms: Terms,
  jitter: number,
  bids: readonly number[],
  pick: Iterator<number>,
): Step[] {
  const steps: Step[] = [];
  let live = begin(terms, jitter);
  for (const bid of bids) {
    const decision = decide(terms, live, bid, jitter, NO_THRESHOLD);
    steps.push({ before: live, bid, decision });
    if (decision.kind !== 'countered') break;
    const wish = pick.next().value as number;
    const move = decision.moves[wish] ?? decision.moves[0];
    live = { askMinor: move.askMinor, bids: [...live.bids, bid] };
  }
  return steps;
}

const bidsIn = (terms: Terms, parts: readonly number[]): number[] =>
  parts.map((part) => Math.max(1, Math.round(part * terms.baseMinor)));

test('whatever is bid: no deal below the floor, above the bid or above the list price', () => {
  let decisions = 0;
  const whole = fc.property(items, jitters, shares, choices, (terms, jitter, parts, pick) => {
    for (const { before, bid, decision } of haggle(terms, jitter, bidsIn(terms, parts), pick)) {
      decisions += 1;
      const refused = decision.kind !== 'accepted';
      const finalMinor = refused ? undefined : decision.finalMinor;
      expect(finalMinor).toBe(refused ? undefined : Math.min(bid, terms.baseMinor));
      // Refused only below the live ask; sold never below the floor, nor below this round's ask.
      const ask = Math.min(before.askMinor, askAfter(terms, jitter, [...before.bids, bid]));
      const lowest = Math.max(ask, terms.floorMinor);
      expect(refused ? bid < before.askMinor : bid >= lowest).toBe(true);
    }
  });
  fc.assert(whole, { numRuns: 5 * runs.numRuns });
  expect(decisions).toBeGreaterThan(10 * runs.numRuns);
});

test('asks are whole, never rise in a session and never fall below the floor', () => {
  const whole = fc.property(items, jitters, shares, choices, (terms, jitter, parts, pick) => {
    for (const { before, decision } of haggle(terms, jitter, bidsIn(terms, parts), pick)) {
      if (decision.kind !== 'countered') continue;
      for (const { askMinor } of decision.moves) {
        expect(Number.isSafeInteger(askMinor)).toBe(true);
        expect(askMinor).toBeLessThanOrEqual(before.askMinor);
        expect(askMinor).toBeGreaterThanOrEqual(terms.floorMinor);
      }
    }
  });
  fc.assert(whole, runs);
});

test('a refused bid is a commitment: the haggle is never sold for less', () => {
  const whole = fc.property(items, jitters, shares, choices, (terms, jitter, parts, pick) => {
    for (const { before, decision } of haggle(terms, jitter, bidsIn(terms, parts), pick)) {
      const best = Math.max(0, ...before.bids);
      const said = decision.kind === 'countered' ? decision.moves.map((m) => m.askMinor) : [];
      if (decision.kind === 'accepted') said.push(decision.finalMinor);
      for (const price of said) expect(price).toBeGreaterThanOrEqual(best);
    }
  });
  fc.assert(whole, runs);
});

test('one late bid buys nothing: the last offer falls by no more than its own round earns', () => {
  const whole = fc.property(items, jitters, share, share, (terms, jitter, low, high) => {
    const [waits, jumps] = [Math.min(low, high), Math.max(low, high)];
    const waiting = bidsIn(
      terms,
      Array.from({ length: terms.rounds + 1 }, () => waits),
    );
    const asksWith = (round: number): number[] => {
      const bids = waiting.with(round, bidsIn(terms, [jumps])[0] as number);
      return haggle(terms, jitter, bids, [][Symbol.iterator]()).flatMap(({ decision }) =>
        decision.kind === 'countered' ? decision.moves[0].askMinor : [],
      );
    };
    const patient = haggle(terms, jitter, waiting, [][Symbol.iterator]()).at(-1);
    const after = asksWith(terms.rounds - 1);
    // The jump or the waiting ended in a deal before.
    fc.pre(patient?.decision.kind === 'rejected' && after.length === terms.rounds);
    const gap = openingAsk(terms, jitter);
    const earned = patient.before.askMinor - (after.at(-1) as number);
    expect(earned).toBeLessThanOrEqual(Math.ceil((HELD_BACK / terms.rounds) * gap) + 1);
    // Nothing at all after the last offer.
    const late = haggle(
      terms,
      jitter,
      waiting.with(terms.rounds, patient.before.askMinor - 1),
      [][Symbol.iterator](),
    );
    expect(late.at(-1)?.decision.kind).toBe('rejected');
  });
  fc.assert(whole, { numRuns: runs.numRuns / 5 });
});

test('a bid at the live ask is accepted, in the last round and after it too', () => {
  const whole = fc.property(items, jitters, shares, choices, (terms, jitter, parts, pick) => {
    for (const { before } of haggle(terms, jitter, bidsIn(terms, parts), pick)) {
      const answer = decide(terms, before, before.askMinor, jitter, NO_THRESHOLD);
      expect(answer).toEqual({ kind: 'accepted', finalMinor: before.askMinor });
    }
  });
  fc.assert(whole, runs);
});

test('the last round only concedes; after it a bid is taken or rejected', () => {
  const whole = fc.property(items, jitters, shares, choices, (terms, jitter, parts, pick) => {
    for (const { before, decision } of haggle(terms, jitter, bidsIn(terms, parts), pick)) {
      const late = before.bids.length >= terms.rounds;
      expect(late && decision.kind === 'countered').toBe(false);
      expect(!late && decision.kind === 'rejected').toBe(false);
      if (decision.kind !== 'countered') continue;
      expect(decision.last).toBe(before.bids.length + 1 === terms.rounds);
      const held = decision.moves.some(({ move }) => move === 'hold');
      expect(held && decision.last).toBe(false);
    }
  });
  fc.assert(whole, runs);
});

test('two floors in one bucket cannot be told apart, and equal histories get equal answers', () => {
  const whole = fc.property(items, jitters, shares, fc.nat(), (terms, jitter, parts, other) => {
    const bucket = Math.max(1, Math.round(terms.baseMinor * terms.bucketRatio));
    const bottom = (Math.ceil(terms.floorMinor / bucket) - 1) * bucket;
    const top = Math.min(terms.baseMinor, bottom + bucket);
    const sibling = { ...terms, floorMinor: bottom + 1 + (other % (top - bottom)) };
    const bids = bidsIn(terms, parts);
    const holds = () => [1, 0, 1, 0, 1, 0, 1, 0, 1, 0][Symbol.iterator]();
    const answers = haggle(terms, jitter, bids, holds());
    expect(haggle(sibling, jitter, bids, holds())).toEqual(answers);
    expect(haggle(terms, jitter, bids, holds())).toEqual(answers);
  });
  fc.assert(whole, runs);
});

describe('high value', () => {
  const terms = termsOf(200_000, 100_000);
  const start = { askMinor: 200_000, bids: [] };

  test.each([
    ['exactly the threshold', 150_000, 150_000, 'countered'],
    ['one minor unit above it', 150_001, 150_000, 'ui_required'],
    ['the threshold and the list price at once', 200_000, 200_000, 'accepted'],
    ['above a threshold that the list price does not reach', 200_001, 200_000, 'ui_required'],
    ['above the list price and below the threshold', 250_000, 250_000, 'accepted'],
    ['above both', 900_000, 199_999, 'ui_required'],
    ['no threshold for the currency', 1, 0, 'ui_required'],
  ])('%s', (_name, bid, threshold, kind) => {
    expect(decide(terms, start, bid, 0.5, threshold).kind).toBe(kind);
  });
});

test('who overbids pays the list price', () => {
  const terms = termsOf(5_000, 4_000);
  const answer = decide(terms, begin(terms, 0), 9_999, 0, 1e9);
  expect(answer).toEqual({ kind: 'accepted', finalMinor: 5_000 });
});
