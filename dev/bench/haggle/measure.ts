/** Plays a policy against the buyers and the adversary. */
import { BUYERS, IMPATIENT } from '../../../core-service/src/negotiation/simulate/buyers.ts';
import type { Figures } from '../../../core-service/src/negotiation/simulate/figures.ts';
import { figuresOf, meanFigures } from '../../../core-service/src/negotiation/simulate/figures.ts';
import type { Buyer } from '../../../core-service/src/negotiation/simulate/play.ts';
import { playEach } from '../../../core-service/src/negotiation/simulate/play.ts';
import type { Case } from './cases.ts';
import { jitterOf } from './cases.ts';
import type { Policy } from './policies.ts';
import { sellerBy } from './policies.ts';
import { printFigures, printTitle } from './report.ts';
import type { Effort, Found } from './search.ts';
import { measureStrategy, searchWorst } from './search.ts';
import { JUMPS } from './strategies.ts';

export function measureBuyer(policy: Policy, cases: readonly Case[], buyer: Buyer): Figures {
  const seller = (one: Case) => sellerBy(policy, one.terms, jitterOf(one));
  return figuresOf(playEach(cases, seller, () => buyer));
}

export function measureEight(policy: Policy, cases: readonly Case[]): Figures {
  return meanFigures(BUYERS.map((buyer) => measureBuyer(policy, cases, buyer)));
}

/** Prints each class, and the worst that the adversary found. */
export function measureWhole(policy: Policy, cases: readonly Case[], effort: Effort): Found {
  printTitle(policy.name);
  for (const buyer of BUYERS) printFigures(buyer.name, measureBuyer(policy, cases, buyer));
  printFigures('mean of the eight', measureEight(policy, cases));
  printFigures(IMPATIENT.name, measureBuyer(policy, cases, IMPATIENT));
  for (const [name, jump] of Object.entries(JUMPS)) {
    printFigures(name, measureStrategy(policy, cases, jump));
  }
  const worst = searchWorst(policy, cases, effort, false);
  printFigures('the worst strategy found in one session', worst.figures);
  const returning = searchWorst(policy, cases, effort, true);
  printFigures('the worst that walks away once and returns', returning.figures);
  console.log(`  worst: ${JSON.stringify(worst.strategy)}\n`);
  return worst;
}
