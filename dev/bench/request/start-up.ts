/** How long each service takes to start, and what it holds after many requests. */
import type { Spread } from './figures.ts';
import { spreadOf } from './figures.ts';
import type { Load } from './load.ts';
import type { Usage } from './meter.ts';
import type { Options } from './options.ts';
import type { Program } from './program.ts';
import type { Surroundings } from './run.ts';
import type { Stack } from './stack.ts';
import { startStack } from './stack.ts';

const CONNECTIONS = 16;

type Figures = Readonly<Record<'wallMs' | 'cpuMs' | 'startMb' | 'loadedMb', number>>;
export type StartUps = Readonly<Record<string, Readonly<Record<keyof Figures, Spread>>>>;

/**
 * Starts the services of each variant, round by round, and prints wall and CPU time until they listen
 * and the memory that they hold then and, in the last round, after many bids.
 */
export async function measureStarts(
  surroundings: Surroundings,
  { variants, rounds, requests }: Pick<Options, 'variants' | 'rounds' | 'requests'>,
): Promise<StartUps> {
  const measured = new Map<string, Partial<Figures>[]>();
  for (let i = 1; i <= rounds; i++) {
    for (const [name, variant] of Object.entries(variants)) {
      const stack = await startStack(name, variant, surroundings);
      try {
        const bids = i === rounds ? requests : 0;
        for (const [part, figures] of await measureStart(surroundings, stack, bids)) {
          const key = `${name}, ${part}`;
          measured.set(key, [...(measured.get(key) ?? []), figures]);
        }
      } finally {
        await stack.stop();
      }
    }
  }
  const starts = Object.fromEntries([...measured].map(([key, each]) => [key, spreads(each)]));
  print(starts, requests);
  return starts;
}

async function measureStart(
  { load }: Surroundings,
  { url, gateway, core }: Stack,
  bids: number,
): Promise<(readonly [string, Partial<Figures>])[]> {
  const parts = Object.entries({ gateway, core });
  const started = await Promise.all(parts.map(([, service]) => startOf(service)));
  if (bids > 0) {
    const job = { url, scenario: 'bid', connections: CONNECTIONS, requests: bids };
    await load.ask<Load>({ job });
  }
  const loaded = await Promise.all(parts.map(([, service]) => service.end()));
  return parts.map(([part], i) => {
    const loadedMb = bids > 0 ? { loadedMb: mb(loaded[i]) } : {};
    return [part, { ...started[i], ...loadedMb }];
  });
}

/** The CPU time is that of the whole process so far. */
async function startOf(service: Program): Promise<Partial<Figures>> {
  const used = await service.end();
  await service.begin();
  return { wallMs: service.startMs, cpuMs: used.cpuMs, startMb: mb(used) };
}

function mb(usage: Usage | undefined): number {
  return (usage?.rssBytes ?? Number.NaN) / 2 ** 20;
}

function spreads(each: readonly Partial<Figures>[]): Record<keyof Figures, Spread> {
  const of = (key: keyof Figures): Spread =>
    spreadOf(each.flatMap((figures) => figures[key] ?? []));
  return {
    wallMs: of('wallMs'),
    cpuMs: of('cpuMs'),
    startMb: of('startMb'),
    loadedMb: of('loadedMb'),
  };
}

function print(starts: StartUps, requests: number): void {
  const row = (name: string, ...cells: string[]): void =>
    console.log(name.padEnd(20) + cells.map((cell) => cell.padStart(22)).join(''));
  row('', 'ms until it listens', 'CPU ms until then', 'MB resident then', `after ${requests} bids`);
  for (const [name, { wallMs, cpuMs, startMb, loadedMb }] of Object.entries(starts)) {
    const cells = [wallMs, cpuMs, startMb, loadedMb].map(
      ({ median, least, most }) => `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`,
    );
    row(name, ...cells);
  }
}
