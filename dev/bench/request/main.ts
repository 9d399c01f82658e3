/**
 * Measures what a request costs: CPU, time and memory of the gateway, of core and of Postgres, as
 * production runs them, in interleaved rounds of variants. `--help` says what can be chosen.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Options } from './options.ts';
import { readOptions, USAGE } from './options.ts';
import { profileVariant } from './profile.ts';
import type { Cell } from './report.ts';
import { printCell, toJson } from './report.ts';
import type { Surroundings } from './run.ts';
import { measureCell, startSurroundings, warmUp } from './run.ts';
import { measureScaling } from './scaling.ts';
import type { Stack } from './stack.ts';
import { startStack } from './stack.ts';
import { measureStarts } from './start-up.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(USAGE);
else {
  const options = optionsOrUsage();
  if (options) await bench(options);
}

function optionsOrUsage(): Options | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 1;
    return undefined;
  }
}

async function bench(options: Options): Promise<void> {
  const withBare = !options.scaling && Object.values(options.variants).some((each) => each.isBare);
  const url = process.env['DATABASE_URL'] || undefined;
  const surroundings = await startSurroundings(url, withBare);
  const stacks: Stack[] = [];
  const close = async (): Promise<void> => {
    for (const stack of stacks) await stack.stop();
    await surroundings.close();
  };
  process.once('SIGINT', () => void close().finally(() => process.exit(130)));
  try {
    const { database } = surroundings;
    const [cpu] = cpus();
    const machine = `Node ${process.version}, ${cpus().length} × ${cpu?.model.trim()}`;
    console.log(`${database.says}; ${machine}`);
    for (const [name, { says }] of Object.entries(options.scaling ? {} : options.variants)) {
      console.log(`${name.padEnd(12)}${says}`);
    }
    const figures = await measure(options, surroundings, stacks);
    if (options.json === undefined) return;
    const all = { database: database.says, machine, rounds: options.rounds, ...figures };
    writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  } finally {
    await close();
  }
}

async function measure(
  options: Options,
  surroundings: Surroundings,
  stacks: Stack[],
): Promise<object> {
  const { variants, profile } = options;
  if (options.scaling) return { scaling: await measureScaling(surroundings, options) };
  if (options.start) return { starts: await measureStarts(surroundings, options) };
  if (profile === undefined) {
    return { cells: toJson(await measureRequests(options, surroundings, stacks)) };
  }
  const how = { seconds: options.seconds, folder: profile };
  for (const scenario of options.scenarios) {
    for (const connections of options.connections) {
      for (const variant of Object.entries(variants)) {
        await profileVariant(surroundings, variant, { scenario, connections }, how);
      }
    }
  }
  return {};
}

/** @param stacks gets each stack as it is started, so that whatever happens it is stopped */
async function measureRequests(
  options: Options,
  surroundings: Surroundings,
  stacks: Stack[],
): Promise<readonly Cell[]> {
  const { rounds, seconds } = options;
  for (const [name, variant] of Object.entries(options.variants)) {
    stacks.push(await startStack(name, variant, surroundings));
  }
  console.log(`${rounds} rounds of about ${seconds} s; median (least–most)`);
  const cells: Cell[] = [];
  for (const scenario of options.scenarios) {
    await warmUp(surroundings, stacks, scenario);
    for (const connections of options.connections) {
      const load = { scenario, connections };
      const cell = await measureCell(surroundings, stacks, load, options);
      printCell(cell);
      cells.push(cell);
    }
  }
  return cells;
}
