/**
 * Sends Aura more than it can answer and tells what becomes of it: the capacity is measured first, then
 * requests arrive at twice that rate, whether or not earlier ones were answered, and then as before.
 * Then callers that trickle their requests stand beside an honest one. `--help` has the options.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Program } from '../request/program.ts';
import type { Surroundings } from '../request/run.ts';
import { startSurroundings, warmUp } from '../request/run.ts';
import type { Stack } from '../request/stack.ts';
import { startStack } from '../request/stack.ts';
import { VARIANTS } from '../request/variants.ts';
import type { Plan } from './phases.ts';
import { runPhases } from './phases.ts';
import { measureSlowSockets } from './slow.ts';

const USAGE = `npx -y pnpm@12 bench:overload [options]
  --scenario bid       or search
  --factor 2           times the capacity that arrives
  --seconds 60         of it
  --variant all        of ${Object.keys(VARIANTS).join(', ')}
  --sockets 500        callers that trickle; 0 leaves them out
  --json FILE          writes all figures
DATABASE_URL names a Postgres with pgvector, in which a database is made for the run; without one
the embedded Postgres runs.`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    scenario: { type: 'string', default: 'bid' },
    factor: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '60' },
    variant: { type: 'string', default: 'all' },
    sockets: { type: 'string', default: '500' },
    json: { type: 'string' },
  },
});
const variant = VARIANTS[options.variant];
const { scenario } = options;
if (options.help || !variant || (scenario !== 'bid' && scenario !== 'search')) {
  console.log(USAGE);
  process.exitCode = options.help ? 0 : 1;
} else {
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
    const plan = {
      scenario,
      factor: Number(options.factor),
      seconds: Number(options.seconds),
    } as const;
    await bench(surroundings, stack, load, slow, plan);
  } finally {
    await close();
  }
}

function start(file: string): Promise<Program> {
  return Program.start(file, { args: [file], cwd: import.meta.dirname });
}

async function bench(
  surroundings: Surroundings,
  stack: Stack,
  load: Program,
  slow: Program,
  plan: Plan,
): Promise<void> {
  console.log(`${surroundings.database.says}; ${options.variant}, ${scenario}`);
  await warmUp(surroundings, [stack], scenario);
  const { capacity, ...phases } = await runPhases(surroundings, stack, load, plan);
  const sockets = Number(options.sockets);
  const job = { scenario: plan.scenario, rate: capacity * phases.calm };
  const slowly = sockets > 0 && (await measureSlowSockets({ stack, load, slow, sockets, job }));
  if (options.json === undefined) return;
  const { says: database } = surroundings.database;
  const all = { database, ...plan, capacity, ...phases, slowSockets: slowly };
  writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
}
