/** CPU profiles of both services under load, without their start, and who has how much of them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Load } from './load.ts';
import type { Program } from './program.ts';
import type { Surroundings } from './run.ts';
import { amountFor } from './run.ts';
import type { Cell } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import type { CpuProfile } from './self-time.ts';
import { selfTimeByPackage } from './self-time.ts';
import type { Stack } from './stack.ts';

/** Packages that are told; the rest is added up. */
const TOLD = 20;

export async function profileStack(
  { load }: Surroundings,
  stack: Stack,
  { scenario, connections }: Omit<Cell, 'rounds'>,
  { seconds, folder }: { readonly seconds: number; readonly folder: string },
): Promise<void> {
  const { name, url } = stack;
  mkdirSync(folder, { recursive: true });
  const requests = await amountFor(load, stack, { scenario, connections }, seconds);
  const services = Object.entries({ gateway: stack.gateway, core: stack.core });
  for (const [, service] of services) await service.ask({ ask: 'profile' });
  await load.ask<Load>({ job: { url, scenario, connections, requests } });
  console.log(`\n${name}, ${SCENARIOS[scenario]?.says}, ${connections} connections`);
  for (const [part, service] of services) {
    const file = join(resolve(folder), `${name}-${scenario}-${connections}-${part}.cpuprofile`);
    await keepProfile(service, file, requests);
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
