/**
 * `pnpm failover`: buyers bid while the primary of two native Postgres loses its power and the standby is
 * promoted; then what everybody was told is held against what the new primary holds. It needs a container
 * engine, and exits with 1 when a figure is not 0 or the buyers get no answer any more.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import { auditDeals } from '../soak/audit.ts';
import { letBuyersIn } from '../soak/crowd.ts';
import { createLedger } from '../soak/ledger.ts';
import { startSoakStack } from '../soak/stack.ts';
import { listOf, tellFigures } from '../soak/tell.ts';
import { startPostgresPair } from './postgres-pair.ts';

/** Milliseconds of calm before the primary is lost, and after the standby has taken its place. */
const CALM_MS = 10_000;
/** Milliseconds for which a standby that is cut off has heard nothing when the primary is lost. */
const BEHIND_MS = 4_000;
/** Milliseconds between two looks of somebody who watches from outside. */
const LOOK_MS = 20;

const { detectMs, behind } = new Command('npx -y pnpm@12 failover')
  .description('loses the primary under load, promotes the standby, and audits')
  .option('--detect-ms <ms>', 'how long it takes until somebody promotes the standby', toMs, 3_000)
  .option('--behind', 'commits do not wait for the standby, which is four seconds behind', false)
  .parse()
  .opts<{ readonly detectMs: number; readonly behind: boolean }>();

const pair = await startPostgresPair({ synchronous: !behind });
// In the place of a Service of Kubernetes, or of a name, that leads to whoever is the primary.
const service = await startFaultProxyFor(pair.primaryUrl);
const stack = await startSoakStack(service.through(pair.primaryUrl));
const ledger = createLedger(stack.gatewayUrl);
const over = new AbortController();
const crowd = letBuyersIn(ledger, 1, over.signal);
const looks: { readonly at: number; readonly status: string; readonly ms: number }[] = [];
const watching = watch();

await wait(CALM_MS);
if (behind) {
  await pair.cutOff();
  await wait(BEHIND_MS);
}
const dealsBefore = ledger.deals().length;
const lostAt = performance.now();
await pair.killPrimary();
await wait(detectMs);
const promotedAt = performance.now();
await pair.promote();
service.leadTo(pair.standbyUrl);
// Whoever stands behind the address has changed: what was open to the old one is closed.
await service.set('reset');
await service.set('none');
const ledAt = performance.now();
await wait(CALM_MS);
over.abort();
await Promise.all([crowd, watching]);
const unanswered = await ledger.settle();
await ledger.hear();
const figures: Record<string, number> = {
  ...(await auditDeals(stack, ledger)),
  'requests never answered': unanswered,
};
const exitCodes = await stack.stopServices();
await stack.close();
await service.close();
await pair.close();

const firstWell = looks.find(({ at, status }) => at > ledAt && status === '200')?.at;
const isWell = report() && firstWell !== undefined;
process.exitCode = isWell && exitCodes.every((code) => code === 0) ? 0 : 1;

/** Bids again and again by itself, one bid at a time, and notes what it is told and when. */
async function watch(): Promise<void> {
  const body = JSON.stringify({ item_id: 'open-0', bid_amount: 1, agent_did: 'did:example:watch' });
  const headers = { 'content-type': 'application/json' };
  while (!over.signal.aborted) {
    const begun = performance.now();
    const status = await fetch(`${stack.gatewayUrl}/v1/negotiate`, {
      method: 'POST',
      headers,
      body,
    })
      .then(async (response) => {
        await response.arrayBuffer();
        return String(response.status);
      })
      .catch((error: unknown) => (error as Error).name);
    looks.push({ at: performance.now(), status, ms: performance.now() - begun });
    await wait(LOOK_MS);
  }
}

/** @returns true when every figure of the audit is 0 */
function report(): boolean {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const during = looks.filter(({ at }) => at > lostAt && at < (firstWell ?? Infinity));
  const seen = new Map<string, number>();
  for (const { status } of during) seen.set(status, (seen.get(status) ?? 0) + 1);
  console.log(`requests   ${listOf(ledger.outcomes)}`);
  console.log(`deals      ${dealsBefore} before, ${ledger.deals().length} in all`);
  console.log(`lost       ${seconds(promotedAt - lostAt)} before somebody promoted the standby`);
  console.log(`promoted   in ${seconds(ledAt - promotedAt)}`);
  console.log(
    `well again ${firstWell === undefined ? 'never' : seconds(firstWell - ledAt)} after that`,
  );
  console.log(`a watcher saw meanwhile ${listOf(seen)}, the slowest after`);
  console.log(`           ${seconds(Math.max(0, ...during.map(({ ms }) => ms)))}`);
  console.log(`exit codes ${exitCodes.join(', ')}\n`);
  return tellFigures(figures);
}

function toMs(text: string): number {
  const number = Number(text);
  if (number >= 0) return number;
  throw new InvalidArgumentError('It has to be a number of milliseconds.');
}
