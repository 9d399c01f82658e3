/**
 * Sends Aura more than it can answer and tells what becomes of it: the capacity is measured first, then
 * requests arrive at twice that rate, whether or not earlier ones were answered, and then as before.
 * Then callers that trickle their requests stand beside an honest one. `--help` has the options.
 */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { numberFrom } from '../number-option.ts';
import { Program } from '../request/program.ts';
import { startSurroundings, warmUp } from '../request/run.ts';
import type { Stack } from '../request/stack.ts';
import { startStack } from '../request/stack.ts';
import type { Variant } from '../request/variants.ts';
import { VARIANTS } from '../request/variants.ts';
import type { Plan } from './phases.ts';
import { runPhases } from './phases.ts';
import { measureSlowSockets } from './slow.ts';

interface Options {
  readonly scenario: 'bid' | 'search';
  readonly factor: number;
  readonly seconds: number;
  readonly variant: string;
  readonly sockets: number;
  readonly json?: string;
}

const options = new Command('npx -y pnpm@12 bench:overload')
  .description('sends more than can be answered, and tells what becomes of it')
  .addOption(
    new Option('--scenario <name>', 'what is asked').choices(['bid', 'search']).default('bid'),
  )
  .option('--factor <times>', 'times the capacity that arrives', numberFrom(0.1), 2)
  .option('--seconds <seconds>', 'how long it does', numberFrom(1), 60)
  .addOption(
    new Option('--variant <name>', 'what runs').choices(Object.keys(VARIANTS)).default('all'),
  )
  .option('--sockets <number>', 'callers that trickle; 0 leaves them out', numberFrom(0), 500)
  .option('--json <file>', 'writes all figures')
  .addHelpText(
    'after',
    `
DATABASE_URL names a Postgres with pgvector, in which a database is made for the run; without one
the embedded Postgres runs.`,
  )
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();
const { scenario, factor, seconds, sockets } = options;
const variant = VARIANTS[options.variant] as Variant;
const url = process.env['DATABASE_URL'] || undefined;
const surroundings = await startSurroundings(url, variant.isBare ?? false);
const closes = [() => surroundings.close()];
const close = async (): Promise<void> => {
  for (const each of closes.toReversed()) await each();
};
process.once('SIGINT', () => void close().finally(() => process.exit(130)));
try {
  const stack = await startStack(options.variant, variant, surroundings);
  closes.push(() => stack.stop());
  const load = await start('open-load.ts');
  closes.push(() => load.stop());
  const slow = await start('slow-sockets.ts');
  closes.push(() => slow.stop());
  await bench(stack, load, slow, { scenario, factor, seconds });
} finally {
  await close();
}

function start(file: string): Promise<Program> {
  return Program.start(file, { args: [file], cwd: import.meta.dirname });
}

async function bench(stack: Stack, load: Program, slow: Program, plan: Plan): Promise<void> {
  console.log(`${surroundings.database.says}; ${options.variant}, ${scenario}`);
  await warmUp(surroundings, [stack], scenario);
  const { capacity, ...phases } = await runPhases(surroundings, stack, load, plan);
  const job = { scenario: plan.scenario, rate: capacity * phases.calm };
  const slowly = sockets > 0 && (await measureSlowSockets({ stack, load, slow, sockets, job }));
  if (options.json === undefined) return;
  const { says: database } = surroundings.database;
  const all = { database, ...plan, capacity, ...phases, slowSockets: slowly };
  writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
}
