/**
 * Measures what bids, the sweep of old rows and vacuum cost as rounds add up: how Postgres runs each statement
 * of a bid beside 0, 1 and 5 million rounds, how large and how deep the indexes are, what a bid costs beside
 * none and beside all of them, and how fast old rows go.
 */
import { Command } from 'commander';
import { numberFrom } from '../number-option.ts';
import { ITEM } from '../request/scenarios.ts';
import { compare } from './compare.ts';
import { fill, LIMITED_ITEM } from './fill.ts';
import { haggle } from './haggles.ts';
import type { Place } from './place.ts';
import { openPlace, withCore } from './place.ts';
import type { Run } from './plans.ts';
import { explainAll, explainNoMore, noteRuns } from './plans.ts';
import type { Plans } from './report.ts';
import { count, printCosts, printPlans, printSizes, printSweeps, printVacuum } from './report.ts';
import { readSizes, sweepOldKeys, sweepOldSessions, vacuum } from './upkeep.ts';

/** Haggles of each kind whose plans are looked at. */
const EXPLAINED = 20;

const options = new Command('npx -y pnpm@12 bench:rounds')
  .description('measures what a bid, and the sweep of old rows, cost as rounds add up')
  .option('--rounds <rounds>', 'the largest number of rounds', numberFrom(1_000), 5_000_000)
  .option('--keep', 'keeps the database with all rounds, and says where it is')
  .addHelpText(
    'after',
    `
DATABASE_URL names a Postgres with pgvector on this machine, as its superuser; databases are made in it for the
run. 5,000,000 rounds take five to twenty minutes, and 5 GB.`,
  )
  .allowExcessArguments(false)
  .parse()
  .opts<{ readonly rounds: number; readonly keep?: boolean }>();
const server = process.env['DATABASE_URL'] ?? '';
if (server === '') {
  console.error('DATABASE_URL has to name a Postgres with pgvector.');
  process.exit(2);
}
const sizes = [0, 1_000_000].filter((size) => size < options.rounds).concat(options.rounds);
const runsOf = noteRuns();

async function explain({ url, client }: Place): Promise<Plans> {
  await explainAll(client);
  const plans = new Map<string, Run[]>();
  const note = (runs: readonly Run[], where = ''): void => {
    for (const run of runs) {
      const name = run.name + where;
      plans.set(name, [...(plans.get(name) ?? []), run]);
    }
  };
  await withCore(url, 1, async (ctx) => {
    for (let i = 0; i < EXPLAINED; i++) {
      note(await runsOf(() => haggle(ctx, ITEM, false)));
      note(await runsOf(() => haggle(ctx, ITEM, true)));
      note(await runsOf(() => haggle(ctx, LIMITED_ITEM, false)), ', limited item');
    }
  });
  await explainNoMore(client);
  return plans;
}

const began = performance.now();
const empty = await openPlace(server);
const full = await openPlace(server);
try {
  const plans: Plans[] = [];
  for (const [i, size] of sizes.entries()) {
    if (size > 0) await fill(full.client, { from: sizes[i - 1] ?? 0, to: size });
    plans.push(await explain(full));
  }
  printPlans(sizes, plans);
  printSizes(await readSizes(full.client));
  printCosts([0, options.rounds], await compare([empty, full]));
  await withCore(full.url, 1, async ({ db }) => {
    printSweeps({
      'sessions, with their rounds': await sweepOldSessions(full.url, db),
      'idempotency keys': await sweepOldKeys(full.url, db),
    });
  });
  printVacuum(await vacuum(full.client));
  console.log(`\nThat took ${count((performance.now() - began) / 1_000)} s.`);
  if (options.keep) console.log(`The database is kept: ${full.url}`);
} finally {
  await empty.close();
  await full.close(options.keep);
}
