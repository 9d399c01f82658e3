/**
 * Measures what a request costs: CPU, time and memory of the gateway, of core and of Postgres, as
 * production runs them, in interleaved rounds of variants. `--help` says what can be chosen.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Options } from './options.ts';
import { readOptions, USAGE } from './options.ts';
import type { Cell } from './report.ts';
import { printCell, toJson } from './report.ts';
import type { Surroundings } from './run.ts';
import { measureCell, startSurroundings, warmUp } from './run.ts';
import type { Stack } from './stack.ts';
import { startStack } from './stack.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
} else {
  await bench(readOptions(args));
}

async function bench(options: Options): Promise<void> {
  const surroundings = await startSurroundings(process.env['DATABASE_URL'] || undefined);
  const stacks: Stack[] = [];
  const close = async (): Promise<void> => {
    for (const stack of stacks) await stack.stop();
    await surroundings.close();
  };
  process.once('SIGINT', () => void close().finally(() => process.exit(130)));
  try {
    for (const [name, variant] of Object.entries(options.variants)) {
      stacks.push(await startStack(name, variant, surroundings));
      console.log(`${name.padEnd(12)}${variant.says}`);
    }
    await measure(options, surroundings, stacks);
  } finally {
    await close();
  }
}

async function measure(
  options: Options,
  surroundings: Surroundings,
  stacks: readonly Stack[],
): Promise<void> {
  const { rounds, seconds, json } = options;
  const [cpu] = cpus();
  const machine = `Node ${process.version}, ${cpus().length} × ${cpu?.model.trim()}`;
  const { says } = surroundings.database;
  console.log(`${says}; ${machine}`);
  console.log(`${rounds} rounds of about ${seconds} s; median (least–most)`);
  const cells: Cell[] = [];
  for (const scenario of options.scenarios) {
    await warmUp(surroundings, stacks, scenario);
    for (const connections of options.connections) {
      const cell = await measureCell(surroundings, stacks, { scenario, connections }, options);
      printCell(cell);
      cells.push(cell);
    }
  }
  if (json === undefined) return;
  const figures = { database: says, machine, rounds, seconds, cells: toJson(cells) };
  writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
}
