/**
 * How well the policy sells: 1,000 random items, 3 random values each, against each kind of buyer,
 * by the policy alone and by the whole core over gRPC; beside it a seller that names its floor at
 * once and one that never moves. Then what probers learn of the floors, and a plot.
 *
 * The surplus of a haggle is what there is to share, min(value, list price) − floor: nobody pays
 * more than the list price. The seller's share is (price − floor) / surplus, over the deals made.
 *
 * DATABASE_URL names an empty Postgres for core; without it an embedded one is used, which takes
 * some minutes. `--policy-only` leaves core out.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Buyer } from './buyers.ts';
import { BUYERS } from './buyers.ts';
import type { Case } from './cases.ts';
import { ITEMS, itemTerms, jitterOf, possibleCases } from './cases.ts';
import { startCoreSeller } from './core-seller.ts';
import type { Haggle } from './play.ts';
import { play } from './play.ts';
import { plotHaggles } from './plot.ts';
import { probe } from './probers.ts';
import type { Seller } from './sellers.ts';
import { floorSeller, policySeller, stubbornSeller } from './sellers.ts';

/** At once; core's database serves them one by one. */
const CONCURRENCY = 32;
const PLOT = join(import.meta.dirname, 'haggle.png');
/** Any day will do; the same numbers in each run. */
const EPOCH = 0;
const cases = possibleCases(ITEMS);

interface Figures {
  readonly share: number;
  readonly deals: number;
  readonly rounds: number;
}

async function playAll(sellerOf: (one: Case) => Seller, buyer: Buyer): Promise<Haggle[]> {
  const played: Haggle[] = [];
  const due = cases.entries();
  const worker = async (): Promise<void> => {
    for (const [i, one] of due) played[i] = await play(sellerOf(one), buyer, one);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return played;
}

function figuresOf(haggles: readonly Haggle[]): Figures {
  const deals = haggles.flatMap(({ price, rounds }, i) => {
    const { terms, value } = cases[i] as Case;
    const surplus = Math.min(value, terms.baseMinor) - terms.floorMinor;
    return price === undefined ? [] : [{ share: (price - terms.floorMinor) / surplus, rounds }];
  });
  return {
    share: mean(deals.map(({ share }) => share)),
    deals: deals.length / haggles.length,
    rounds: mean(deals.map(({ rounds }) => rounds)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @returns the haggles by buyer */
async function measure(
  title: string,
  sellerOf: (one: Case) => Seller,
): Promise<readonly (readonly Haggle[])[]> {
  row(title, 'share', 'deals', 'rounds');
  const all: Haggle[][] = [];
  for (const buyer of BUYERS) {
    const haggles = await playAll(sellerOf, buyer);
    all.push(haggles);
    printFigures(buyer.name, figuresOf(haggles));
  }
  const each = all.map(figuresOf);
  printFigures('mean', {
    share: mean(each.map(({ share }) => share)),
    deals: mean(each.map(({ deals }) => deals)),
    rounds: mean(each.map(({ rounds }) => rounds)),
  });
  console.log('');
  return all;
}

function printFigures(name: string, { share, deals, rounds }: Figures): void {
  row(name, share.toFixed(3), deals.toFixed(3), rounds.toFixed(1));
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(36) + cells.map((cell) => cell.padStart(12)).join(''));
}

/** The whole core must come to the same end as the policy alone, bid by bid. */
async function measureCore(): Promise<void> {
  const core = await startCoreSeller(process.env['DATABASE_URL'] || undefined);
  try {
    const byCore = await measure('the whole core over gRPC', core.sellerOf);
    const today = Math.floor(Date.now() / 86_400_000);
    let same = 0;
    for (const [i, buyer] of BUYERS.entries()) {
      const seller = (one: Case): Seller => policySeller(one.terms, jitterOf(one, today));
      const byPolicy = await playAll(seller, buyer);
      same += byPolicy.filter((each, j) => isSame(each, byCore[i]?.[j])).length;
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

function measureProbers(): void {
  const items = Array.from({ length: ITEMS }, (_, i) => itemTerms(i));
  const probed = probe(items, (terms, i) => (agent) => {
    const one = { itemId: `bench-${i}`, agentDid: `did:example:prober-${agent}`, terms, value: 0 };
    return policySeller(terms, jitterOf(one, EPOCH));
  });
  row('probers: error, % of list price', 'raw', 'by bucket', 'blind to');
  for (const { name, error, rawError, blind } of probed) {
    const told = [rawError, error].map((each) => (100 * each).toFixed(3));
    row(name, ...told, `${blind}/${ITEMS}`);
  }
  const yardstick = probed.at(-1)?.error ?? 0;
  if (probed.some(({ error, rawError }) => Math.min(error, rawError) < yardstick - 1e-12)) {
    process.exitCode = 1;
  }
}

console.log(
  `${ITEMS} items, ${cases.length} buyers who could deal, each in ${BUYERS.length} ways\n`,
);
await measure('the policy alone', (one) => policySeller(one.terms, jitterOf(one, EPOCH)));
await measure('names its floor at once', ({ terms }) => floorSeller(terms));
await measure('never moves', ({ terms }) => stubbornSeller(terms));
if (!process.argv.includes('--policy-only')) await measureCore();
measureProbers();
writeFileSync(PLOT, await plotHaggles());
console.log(`\nA typical haggle of each: ${PLOT}`);
