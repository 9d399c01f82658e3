/** The whole core must come to the same end as the policy alone, bid by bid. */
import { BUYERS } from '../../../core-service/src/negotiation/simulate/buyers.ts';
import { figuresOf } from '../../../core-service/src/negotiation/simulate/figures.ts';
import type { Haggle } from '../../../core-service/src/negotiation/simulate/play.ts';
import { play } from '../../../core-service/src/negotiation/simulate/play.ts';
import { policySeller } from '../../../core-service/src/negotiation/simulate/seller.ts';
import type { Case } from './cases.ts';
import { jitterOf } from './cases.ts';
import { playAll } from './core-play.ts';
import { startCoreSeller } from './core-seller.ts';
import { printFigures, printTitle } from './report.ts';

export async function measureCore(cases: readonly Case[]): Promise<void> {
  const core = await startCoreSeller(process.env['DATABASE_URL'] || undefined);
  try {
    printTitle('the whole core over gRPC');
    const today = Math.floor(Date.now() / 86_400_000);
    let same = 0;
    for (const buyer of BUYERS) {
      const byCore = await playAll(cases, core.sellerOf, buyer);
      printFigures(
        buyer.name,
        figuresOf(cases.map((one, i) => ({ ...one, haggle: byCore[i] as Haggle }))),
      );
      const byPolicy = cases.map((one) => {
        return play(policySeller(one.terms, jitterOf(one, today)), buyer, one);
      });
      same += byPolicy.filter((each, i) => isSame(each, byCore[i])).length;
    }
    const all = cases.length * BUYERS.length;
    console.log(`The same as the policy alone, ask by ask: ${same} of ${all} haggles.\n`);
    if (same !== all) process.exitCode = 1;
  } finally {
    await core.stop();
  }
}

function isSame(one: Haggle, other: Haggle | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
