/** CPU profiles of both services under load, without their start, and who has how much of them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Load } from './load.ts';
import type { Program } from './program.ts';
import type { Surroundings } from './run.ts';
import { amountFor, warmUp } from './run.ts';
import type { Cell } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import type { CpuProfile } from './self-time.ts';
import { selfTimeByFunction, selfTimeByPackage } from './self-time.ts';
import { startStack } from './stack.ts';
import type { Variant } from './variants.ts';

/** Packages, and functions, that are told; the rest is added up. */
const TOLD = 20;

/** Starts a stack, profiles it under the load once it is warm, and prints the shares. */
export async function profileVariant(
  surroundings: Surroundings,
  [name, variant]: readonly [string, Variant],
  { scenario, connections }: Omit<Cell, 'rounds'>,
  { seconds, folder }: { readonly seconds: number; readonly folder: string },
): Promise<void> {
  const { load } = surroundings;
  const stack = await startStack(name, variant, surroundings);
  const services = Object.entries({ gateway: stack.gateway, core: stack.core });
  try {
    for (const [, service] of services) await service.ask({ ask: 'profile' });
    await warmUp(surroundings, [stack], scenario);
    const requests = await amountFor(load, stack, { scenario, connections }, seconds);
    for (const [, service] of services) {
      await service.begin();
      await service.ask({ ask: 'mark' });
    }
    await load.ask<Load>({ job: { url: stack.url, scenario, connections, requests } });
    console.log(`\n${name}, ${SCENARIOS[scenario]?.says}, ${connections} connections`);
    mkdirSync(folder, { recursive: true });
    for (const [part, service] of services) {
      const file = join(resolve(folder), `${name}-${scenario}-${connections}-${part}.cpuprofile`);
      const { cpuMs } = await service.end();
      await keepProfile(service, file, cpuMs / requests);
    }
  } finally {
    await stack.stop();
  }
}

/**
 * Samples tell the time on the clock, in which other processes may have run too; the shares are those of
 * the CPU time.
 *
 * @param cpuMs CPU milliseconds a request of the service, sampling included
 */
async function keepProfile(service: Program, file: string, cpuMs: number): Promise<void> {
  await service.ask({ ask: 'keep', file });
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  console.log(`${file}\n  CPU ms a request, share`);
  printShares(selfTimeByPackage(profile), cpuMs);
  console.log('  by function');
  printShares(selfTimeByFunction(profile), cpuMs);
}

function printShares(times: ReadonlyMap<string, number>, cpuMs: number): void {
  const sum = [...times.values()].reduce((all, each) => all + each, 0);
  const row = (name: string, time: number): void => {
    const share = time / sum;
    const percent = (100 * share).toFixed(1).padStart(5);
    console.log(`  ${(share * cpuMs).toFixed(3)}  ${percent} %  ${name}`);
  };
  const told = [...times].slice(0, TOLD);
  for (const [name, time] of told) row(name, time);
  row('others', sum - told.reduce((all, [, time]) => all + time, 0));
}
