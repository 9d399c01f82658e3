/**
 * `pnpm rollout`: buyers bid while this release takes the place of the one before, part by part, and while
 * the one before comes back on the new schema; then what everybody was told is held against the database. It
 * needs a container engine, and exits with 1 when a figure is not 0.
 */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { auditDeals } from '../soak/audit.ts';
import { sell } from '../soak/buyers.ts';
import { letBuyersIn } from '../soak/crowd.ts';
import { itemsAsCsv } from '../soak/items.ts';
import { createLedger, LEFT } from '../soak/ledger.ts';
import { createRandom } from '../soak/random.ts';
import { ADMIN_TOKEN } from '../soak/stack.ts';
import { listOf, tellComplaints, tellFigures } from '../soak/tell.ts';
import { docker, query, startPostgres, until } from '../testing/postgres-container.ts';
import { REPLICAS, startFleet } from './fleet.ts';
import type { Release } from './release.ts';
import { findFormer, layOut, thisRelease } from './release.ts';

/** Milliseconds of bids after each step. */
const STEP_MS = 4_000;
/** Bids after which every process has warmed up. */
const WARM = 300;
/** What buyers bring about themselves: their own copies at the same time, and going away too soon. */
const PROVOKED = new Set(['200', '409', LEFT]);

const { from } = new Command('npx -y pnpm@12 rollout')
  .description('replaces the release before by this one under load, goes back, and audits')
  .option(
    '--from <ref>',
    'tag or commit; else the last tag, or what was before the newest migration',
  )
  .parse()
  .opts<{ readonly from?: string }>();

const container = `aura-rollout-${process.pid}`;
const former = await layOut(from ?? (await findFormer()));
try {
  const present = await thisRelease();
  console.log(`from ${former.name}\nto   ${present.name}\n`);
  const databaseUrl = await startPostgres(container);
  await stock(former, databaseUrl);
  process.exitCode = (await rollOut(databaseUrl, former, present)) ? 0 : 1;
} finally {
  await docker('rm', '-fv', container).catch(() => undefined);
  await former.remove();
}

/** Makes the schema and the items of the release before, by its own commands. */
async function stock(release: Release, databaseUrl: string): Promise<void> {
  const file = join(tmpdir(), `${container}.csv`);
  await writeFile(file, itemsAsCsv());
  const env = { DATABASE_URL: databaseUrl };
  await release.command(env, 'db', 'migrate');
  await release.command(env, 'inventory', 'import', file);
  await rm(file);
}

/** @returns true when every figure is 0 */
async function rollOut(databaseUrl: string, before: Release, after: Release): Promise<boolean> {
  const fleet = await startFleet(before, {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '5',
    PRICING_SECRET: 'the secret of the rollout',
    ADMIN_TOKEN,
  });
  const ledger = createLedger(fleet.url);
  const over = new AbortController();
  const crowd = letBuyersIn(ledger, 1, over.signal);
  const seller = sell(fleet.corePort, createRandom(1, 'seller'), over.signal);
  const counted = new Map<string, number>();
  async function step(what: string, act?: () => Promise<void>): Promise<void> {
    await act?.();
    await wait(STEP_MS);
    const since = [...ledger.outcomes].map(([name, n]) => [name, n - (counted.get(name) ?? 0)]);
    for (const [name, n] of ledger.outcomes) counted.set(name, n);
    console.log(`${what.padEnd(28)} ${listOf(since as [string, number][])}`);
  }
  await until('everybody is at it', async () => ledger.asked() > WARM);
  await step('all of the release before');
  await step('the schema is migrated', () =>
    after.command({ DATABASE_URL: databaseUrl }, 'db', 'migrate'),
  );
  for (const i of REPLICAS) await step(`core ${i + 1} is new`, () => fleet.replaceCore(i, after));
  for (const i of REPLICAS)
    await step(`gateway ${i + 1} is new`, () => fleet.replaceGateway(i, after));
  for (const i of REPLICAS)
    await step(`gateway ${i + 1} is back`, () => fleet.replaceGateway(i, before));
  for (const i of REPLICAS) await step(`core ${i + 1} is back`, () => fleet.replaceCore(i, before));
  over.abort();
  await Promise.all([crowd, seller]);
  const unanswered = await ledger.settle();
  await ledger.hear();

  const total = [...ledger.outcomes.values()].reduce((sum, n) => sum + n, 0);
  const failed = [...ledger.outcomes].filter(([name]) => !PROVOKED.has(name));
  const exitCodes = await fleet.stop();
  tellComplaints(fleet.complaints());
  console.log(`\n${total} requests, ${ledger.deals().length} deals\n`);
  const ask = async <Row>(text: string): Promise<Row[]> =>
    (await query(databaseUrl, text)) as Row[];
  return tellFigures({
    ...(await auditDeals({ query: ask }, ledger)),
    'requests never answered': unanswered,
    'requests that failed': failed.reduce((sum, [, n]) => sum + n, 0),
    'processes that did not end with 0': exitCodes.filter((code) => code !== 0).length,
  });
}
