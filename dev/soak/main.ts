/**
 * `pnpm soak --minutes 10 --seed 1` lets buyers of all sorts and a seller loose while one thing after the
 * other fails, and then holds what everybody was told against what the database holds. DATABASE_URL
 * names an empty native Postgres with pgvector. The soak exits with 1 when a figure is not 0.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { auditConnections, auditDeals, auditTraces, oversold } from './audit.ts';
import { sell } from './buyers.ts';
import { BUYERS, letBuyersIn } from './crowd.ts';
import { injectFaults } from './faults.ts';
import { createLedger } from './ledger.ts';
import { createRandom } from './random.ts';
import { residentMiB, startSoakStack } from './stack.ts';
import { listOf, tellFigures } from './tell.ts';

/** Milliseconds at the end in which nothing is broken, so that each trace of then must be whole. */
const CALM_MS = 10_000;
/** Requests that are sent at the end, each of which must leave a whole trace. */
const TRACES = 300;
/** Milliseconds between two looks at the memory of the processes. */
const SAMPLE_MS = 2_000;
/** The factor by which a process may grow from the second third of the time to the last; above it leaks. */
const FLAT = 1.15;
/** Minutes that a process warms up; a shorter soak does not judge its memory. */
const WARM_MINUTES = 5;

const { minutes, seed } = new Command('npx -y pnpm@12 soak')
  .description('lets buyers and faults loose on a stack, then audits what was promised')
  .option('--minutes <minutes>', 'how long the buyers bid', toNumber, 10)
  .option('--seed <seed>', 'what the buyers and the faults are drawn from', toNumber, 1)
  .addHelpText('after', '\nDATABASE_URL names an empty native Postgres with pgvector.')
  .parse()
  .opts<{ readonly minutes: number; readonly seed: number }>();
const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) {
  console.error('DATABASE_URL has to name an empty native Postgres with pgvector.');
  process.exit(2);
}

const stack = await startSoakStack(databaseUrl);
const ledger = createLedger(stack.gatewayUrl);
const memory: [gateway: number, core: number][] = [];
let everOversold = 0;
console.log(`${BUYERS} buyers for ${minutes} min, seed ${seed}`);

const faults = await run();
const unanswered = await ledger.settle();
await ledger.hear();
const lastTraces = await leaveTraces();
await stack.query('select pg_sleep(1)');
const connections = await auditConnections(stack);
const exitCodes = await stack.stopServices();
const figures: Record<string, number> = {
  ...(await auditDeals(stack, ledger)),
  'items oversold at some time': everOversold,
  'requests never answered': unanswered,
  ...connections,
  'processes that grew': growth().filter(([, ratio]) => minutes >= WARM_MINUTES && ratio > FLAT)
    .length,
  'services that did not end with 0': exitCodes.filter((code) => code !== 0).length,
  ...(await auditTraces(stack, lastTraces)),
};
await stack.close();
process.exitCode = report(figures) ? 0 : 1;

/** @returns how often each thing failed */
async function run(): Promise<Map<string, number>> {
  const over = new AbortController();
  const calm = new AbortController();
  const crowd = letBuyersIn(ledger, seed, over.signal);
  const seller = sell(stack.cores[1].port, createRandom(seed, 'seller'), over.signal);
  const watch = sample(over.signal);
  const faulty = injectFaults(stack, createRandom(seed, 'faults'), calm.signal);

  await wait(Math.max(0, minutes * 60_000 - CALM_MS));
  calm.abort();
  const injected = await faulty;
  await wait(CALM_MS);
  over.abort();
  await Promise.all([crowd, seller, watch]);
  return injected;
}

/** Sends requests of which each trace must be whole; the receiver keeps a thousand. @returns their ids */
async function leaveTraces(): Promise<string[]> {
  const mark = ledger.traceIds.length;
  while (ledger.traceIds.length - mark < TRACES) {
    const bid = { item_id: 'open-0', bid_amount: 50, agent_did: 'did:example:last' };
    await Promise.all([ledger.search('quiet room'), ledger.bid(bid), ledger.bid(bid)]);
  }
  return ledger.traceIds.slice(mark);
}

async function sample(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    memory.push([residentMiB(stack.gateway.pid), residentMiB(stack.cores[1].pid)]);
    everOversold += await oversold(stack);
    await wait(SAMPLE_MS);
  }
}

/** @returns the median of the last third of the time, divided by that of the second */
function growth(): (readonly [string, number])[] {
  const third = Math.floor(memory.length / 3);
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return (['gateway', 'core'] as const).map((name, i) => {
    const all = memory.map((each) => each[i] ?? 0);
    return [name, median(all.slice(2 * third)) / median(all.slice(third, 2 * third))] as const;
  });
}

/** @returns true when every figure is 0 */
function report(audit: Record<string, number>): boolean {
  const total = [...ledger.outcomes.values()].reduce((sum, n) => sum + n, 0);
  console.log(`requests   ${total}: ${listOf(ledger.outcomes)}`);
  console.log(`bids       ${ledger.asked()} under keys; ${ledger.deals().length} deals`);
  console.log(`faults     ${listOf(faults)}`);
  const [gateway, core] = memory.at(-1) ?? [0, 0];
  const ratios = growth().map(([name, ratio]) => `${name} × ${ratio.toFixed(2)}`);
  console.log(
    `memory     gateway ${gateway.toFixed(0)}, core ${core.toFixed(0)} MiB; ${ratios.join(', ')}`,
  );
  console.log(`exit codes gateway, cores: ${exitCodes.join(', ')}`);
  console.log(`traces     ${lastTraces.length} looked at\n`);
  return tellFigures(audit);
}

function toNumber(text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new InvalidArgumentError('It has to be a number above 0.');
}
