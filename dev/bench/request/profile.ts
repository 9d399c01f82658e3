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
import { selfTimeByPackage } from './self-time.ts';
import { startStack } from './stack.ts';
import type { Variant } from './variants.ts';

/** Packages that are told; the rest is added up. */
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
    for (const [, service] of services) await service.ask({ ask: 'mark' });
    await load.ask<Load>({ job: { url: stack.url, scenario, connections, requests } });
    console.log(`\n${name}, ${SCENARIOS[scenario]?.says}, ${connections} connections`);
    mkdirSync(folder, { recursive: true });
    for (const [part, service] of services) {
      const file = join(resolve(folder), `${name}-${scenario}-${connections}-${part}.cpuprofile`);
      await keepProfile(service, file, requests);
    }
  } finally {
    await stack.stop();
  }
}

async function keepProfile(service: Program, file: string, requests: number): Promise<void> {
  await service.ask({ ask: 'keep', file });
  const times = selfTimeByPackage(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile);
  const sum = [...times.values()].reduce((all, each) => all + each, 0);
  console.log(`${file}\n  ms a request, share`);
  const row = (name: string, ms: number): void =>
    console.log(
      `  ${(ms / requests).toFixed(3)}  ${((100 * ms) / sum).toFixed(1).padStart(5)} %  ${name}`,
    );
  const told = [...times].slice(0, TOLD);
  for (const [name, ms] of told) row(name, ms);
  row('others', sum - told.reduce((all, [, ms]) => all + ms, 0));
}
