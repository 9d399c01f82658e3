import { expect, test } from 'vitest';
import type { Terms } from '../../../core-service/src/terms.ts';
import { itemTerms, jitterOf } from './cases.ts';
import { probe } from './probers.ts';
import { policySeller } from '../../../core-service/src/negotiation/simulate/seller.ts';

const items = Array.from({ length: 60 }, (_, i) => itemTerms(i));

/** What the probers find when the policy haggles by other terms than they were told. */
function probed(playedBy: (terms: Terms) => Terms = (terms) => terms) {
  return probe(items, (terms, i) => (agent) => {
    const who = { itemId: `item-${i}`, agentDid: `did:example:${agent}`, terms, value: 0 };
    return policySeller(playedBy(terms), jitterOf(who, 0));
  });
}

test('no prober comes nearer to the floors than somebody who knows the buckets', () => {
  const found = probed();
  const told = found.at(-1)?.error ?? Number.NaN;
  expect(found).toHaveLength(4);
  for (const { error, rawError, blind } of found) {
    expect(error).toBeGreaterThanOrEqual(told);
    expect(rawError).toBeGreaterThanOrEqual(told);
    expect(blind).toBe(items.length);
  }
});

test('each of them would come nearer if floors were not rounded', () => {
  const found = probed((terms) => ({ ...terms, bucketRatio: 0 }));
  const told = found.at(-1)?.error ?? Number.NaN;
  for (const { rawError, blind } of found.slice(0, -1)) {
    expect(rawError).toBeLessThan(told);
    expect(blind).toBe(0);
  }
});
