/**
 * `pnpm recovery`: buyers bid while a copy of the database is made and, later, somebody drops the table of the
 * deals; the database is brought back as it was seconds before, and what everybody was told is held against
 * it. It needs a container engine, and exits with 1 when a figure is not 0.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { verifyReceipt } from '../../core-service/src/deals/receipt.ts';
import {
  newReceiptKey,
  readReceiptKeys,
  writeKeySet,
} from '../../core-service/src/receipt-keys.ts';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import { auditDeals } from '../soak/audit.ts';
import { letBuyersIn } from '../soak/crowd.ts';
import type { Deal } from '../soak/ledger.ts';
import { createLedger } from '../soak/ledger.ts';
import type { SoakStack } from '../soak/stack.ts';
import { startSoakStack } from '../soak/stack.ts';
import { listOf, tellFigures } from '../soak/tell.ts';
import { query } from '../testing/postgres-container.ts';
import { startArchivingPostgres } from './archiving-postgres.ts';
import { askAboutLost } from './lost-deals.ts';

/** Milliseconds of bids before the copy, between the copy and the moment to come back to, and at the end. */
const CALM_MS = 6_000;
/** Milliseconds from that moment to the mistake, whose deals are lost, and from the mistake until somebody sees it. */
const LOST_MS = 3_000;
const NOTICED_MS = 2_000;

new Command('npx -y pnpm@12 recovery')
  .description('drops the deals under load, brings the database back to a moment, and audits')
  .parse();

const receiptKeys = writeKeySet([newReceiptKey()]);
const postgres = await startArchivingPostgres();
try {
  process.exitCode = (await loseAndRecover()) ? 0 : 1;
} finally {
  await postgres.close();
}

/** @returns true when every figure is 0 */
async function loseAndRecover(): Promise<boolean> {
  // In the place of a name that leads to the database, whichever that is.
  const place = await startFaultProxyFor(postgres.url);
  const stack = await startSoakStack(place.through(postgres.url), { RECEIPT_KEYS: receiptKeys });
  const ledger = createLedger(stack.gatewayUrl);
  const over = new AbortController();
  const crowd = letBuyersIn(ledger, 1, over.signal);
  await wait(CALM_MS);
  const copied = await timed(() => postgres.saveBase());
  await wait(CALM_MS);

  const target = new Date();
  await wait(LOST_MS);
  const mistake = new Date();
  await query(postgres.url, 'drop table reservations cascade');
  await wait(NOTICED_MS);
  await place.set('refuse');
  const shut = Date.now();
  const recovered = await timed(async () => place.leadTo(await postgres.recoverTo(target)));
  await place.set('none');
  await wait(CALM_MS);
  over.abort();
  await crowd;
  const unanswered = await ledger.settle();
  await ledger.hear();

  const rows = await stack.query<{ code: string }>('select code from reservations');
  const codes = new Set(rows.map(({ code }) => code));
  const deals = ledger.deals();
  const isThere = (deal: Deal): boolean => codes.has(deal.code);
  const before = deals.filter(({ toldAt }) => toldAt < target.getTime());
  const during = deals.filter(({ toldAt }) => toldAt >= target.getTime() && toldAt <= shut);
  const lost = during.filter((deal) => !isThere(deal));
  const kept = { ...ledger, deals: () => deals.filter((deal) => !lost.includes(deal)) };
  const { 'keys without an answer': underWay, ...audit } = await auditDeals(stack, kept);
  const figures = {
    'told before that moment, and not there': before.filter((deal) => !isThere(deal)).length,
    'asked for after it, told before the end, and there': during.filter(
      (deal) => deal.askedAt > target.getTime() && isThere(deal),
    ).length,
    ...audit,
    'keys that are held for an answer that was lost': await countHeld(stack),
    'requests never answered': unanswered,
  };
  const seen = await askAboutLost(stack.gatewayUrl, lost);
  const keys = readReceiptKeys(receiptKeys);
  const verified = await Promise.all(
    lost.map(({ receipt = '' }) => verifyReceipt(keys, receipt).catch(() => undefined)),
  );
  const exitCodes = await stack.stopServices();
  await stack.close();
  await place.close();

  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  console.log(`requests   ${listOf(ledger.outcomes)}`);
  console.log(`copied     in ${seconds(copied)}, while buyers bid`);
  console.log(`mistake    at ${mistake.toISOString()}`);
  console.log(`back to    ${target.toISOString()}, in ${seconds(recovered)}`);
  console.log(`deals      ${before.length} before that moment, ${lost.length} lost after it,`);
  console.log(`           ${deals.length} told in all`);
  console.log(`under way  ${underWay} bids at that moment, whose keys are free again`);
  console.log(
    `lost       ${verified.filter(Boolean).length} receipts verify; their buyers are told:`,
  );
  for (const [question, answers] of seen)
    console.log(`  ${question.padEnd(20)} ${listOf(answers)}`);
  console.log(`exit codes ${exitCodes.join(', ')}\n`);
  return tellFigures(figures) && exitCodes.every((code) => code === 0);
}

/** Counts the keys whose bid cannot be made again, because an answer that is gone is still waited for. */
async function countHeld({ query: ask }: SoakStack): Promise<number> {
  const rows = await ask(
    'select 1 from idempotency_keys where answer is null and deadline_at > now()',
  );
  return rows.length;
}

/** @returns milliseconds */
async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
