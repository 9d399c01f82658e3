import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openingAsk } from './negotiation/asks.ts';
import { decide } from './negotiation/decide.ts';
import { POLICY_VERSION } from './policy-version.ts';
import { PRESETS } from './terms.ts';

/** Haggles of all presets, with bids that rise by so much of the list price. */
function decisions(): string {
  const digest = createHash('sha256');
  for (const own of Object.values(PRESETS)) {
    for (const jitter of [0, 0.37, 0.99]) {
      for (const step of [0, 700, 2_300]) {
        const terms = { ...own, baseMinor: 100_000, floorMinor: 61_300 };
        let haggle = { askMinor: openingAsk(terms, jitter), bids: [] as readonly number[] };
        for (let bidMinor = 50_000, round = 1; round <= 12; round += 1, bidMinor += step) {
          const decision = decide(terms, haggle, bidMinor, jitter, 95_000);
          digest.update(JSON.stringify(decision));
          if (decision.kind !== 'countered') break;
          haggle = { askMinor: decision.moves[0].askMinor, bids: [...haggle.bids, bidMinor] };
        }
      }
    }
  }
  return digest.digest('hex').slice(0, 16);
}

test('a policy that decides otherwise has another version', () => {
  expect({ version: POLICY_VERSION, decisions: decisions() }).toEqual({
    version: '1',
    decisions: 'eedd8a68accae414',
  });
});
