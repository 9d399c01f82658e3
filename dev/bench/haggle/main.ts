/**
 * How well the policy sells, and how it stands a buyer who has read its source: 1,000 random items,
 * 3 random values each, against each kind of buyer and the adversary's search; beside it the policy
 * as it was and other sellers. Then buyers who learn across sessions, the presets, what a margin
 * costs, the whole core over gRPC, and what probers learn of the floors; and two plots.
 *
 * The surplus of a haggle is what there is to share, min(value, list price) − floor: nobody pays
 * more than the list price. The seller's share is (price − floor) / surplus, over the deals made.
 *
 * DATABASE_URL names an empty Postgres for core; without it an embedded one is used, which takes
 * some minutes. `--policy-only` leaves core out; `--quick` searches and plays less.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { PRESETS } from '../../../core-service/src/terms.ts';
import { IMPATIENT } from '../../../core-service/src/negotiation/simulate/buyers.ts';
import { policySeller } from '../../../core-service/src/negotiation/simulate/seller.ts';
import { ITEMS, itemTerms, jitterOf, possibleCases, sample } from './cases.ts';
import { measureCore } from './core-measure.ts';
import { formerPolicy } from './former-policy.ts';
import { measureLearners, SESSIONS } from './learners.ts';
import { measureBuyer, measureEight, measureWhole } from './measure.ts';
import { plotHaggles } from './plot.ts';
import { plotTradeOff } from './plot-trade-off.ts';
import { auraPolicy, YARDSTICKS } from './policies.ts';
import { probe } from './probers.ts';
import { printFigures, printRow, printTitle } from './report.ts';
import { FULL, QUICK, searchWorst } from './search.ts';
import { tradeOff } from './trade-off.ts';

const PLOT = join(import.meta.dirname, 'haggle.png');
const TRADE_OFF = join(import.meta.dirname, 'trade-off.png');

const { quick = false, policyOnly = false } = new Command('npx -y pnpm@12 bench:haggle')
  .description('measures how well the policy sells, and how it stands who has read its source')
  .option('--quick', 'searches and plays less')
  .option('--policy-only', 'leaves core out')
  .parse()
  .opts<{ readonly quick?: boolean; readonly policyOnly?: boolean }>();
const effort = quick ? QUICK : FULL;
const all = possibleCases(ITEMS);
const cases = quick ? sample(all, 400) : all;

console.log(`${ITEMS} items, ${cases.length} buyers who could deal\n`);
const worst = measureWhole(auraPolicy, cases, effort);
const former = measureWhole(formerPolicy, cases, QUICK);

printTitle('other sellers: the mean of the eight');
for (const yardstick of YARDSTICKS) {
  printFigures(yardstick.name, measureEight(yardstick, cases));
  printFigures('  the worst strategy', searchWorst(yardstick, cases, QUICK, false).figures);
}

printTitle(`\nbuyers who learn over ${SESSIONS} sessions`);
const learning = sample(cases, quick ? 100 : 400);
for (const who of ['fresh', 'one', 'counted'] as const) {
  for (const { name, figures } of measureLearners(auraPolicy, learning, worst.strategy, who)) {
    printFigures(`${who}: ${name}`, figures);
  }
}
for (const { name, figures } of measureLearners(formerPolicy, learning, former.strategy, 'fresh')) {
  printFigures(`the former policy, fresh: ${name}`, figures);
}

printTitle('\npresets: the mean of the eight');
for (const [name, terms] of Object.entries(PRESETS)) {
  const own = sample(possibleCases(ITEMS, terms), cases.length);
  printFigures(name, measureEight(auraPolicy, own));
  printFigures(`  ${IMPATIENT.name}`, measureBuyer(auraPolicy, own, IMPATIENT));
  printFigures('  the worst strategy', searchWorst(auraPolicy, own, effort, false).figures);
}

const points = tradeOff(cases.length);
writeFileSync(TRADE_OFF, await plotTradeOff(points));
console.log(`\nWhat a margin costs: ${TRADE_OFF}\n`);

if (!policyOnly) await measureCore(quick ? sample(all, 100) : all);
measureProbers();
writeFileSync(PLOT, await plotHaggles());
console.log(`\nA typical haggle of each: ${PLOT}`);

function measureProbers(): void {
  const items = Array.from({ length: quick ? 100 : ITEMS }, (_, i) => itemTerms(i));
  const probed = probe(items, (terms, i) => (agent) => {
    const one = { itemId: `bench-${i}`, agentDid: `did:example:prober-${agent}`, terms, value: 0 };
    return policySeller(terms, jitterOf(one));
  });
  printRow('probers: error, % of list price', 'raw', 'by bucket', 'blind to');
  for (const { name, error, rawError, blind } of probed) {
    const told = [rawError, error].map((each) => (100 * each).toFixed(3));
    printRow(name, ...told, `${blind}/${items.length}`);
  }
  const yardstick = probed.at(-1)?.error ?? 0;
  if (probed.some(({ error, rawError }) => Math.min(error, rawError) < yardstick - 1e-12)) {
    process.exitCode = 1;
  }
}
