/** The run: everything is started, then the variants take turns under each load. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import type { Load } from './load.ts';
import type { Round } from './measure.ts';
import { measureRound } from './measure.ts';
import { Program } from './program.ts';
import type { Cell } from './report.ts';
import type { Shared, Stack } from './stack.ts';

const HERE = import.meta.dirname;
const RECORD = fileURLToPath(import.meta.resolve('./bare/record.ts'));
/** A stack is warmed up for a scenario until so many requests are answered, or so much time is over. */
const WARM_UP = { requests: 1_500, ms: 3_000, step: 100 };
/** Requests by which the length of a round is worked out, on each of the connections and in all. */
const TRIED = { each: 3, least: 50 };

/** What the stacks need around them. */
export interface Surroundings extends Shared {
  readonly database: Database;
  readonly load: Program;
  close(): Promise<void>;
}

export async function startSurroundings(url: string | undefined): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-bench-'));
  const closes = [(): unknown => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const each of closes.toReversed()) await each();
  };
  try {
    const database = await openDatabase(url);
    closes.push(() => database.close());
    const sink = await Program.start('trace-sink', { args: ['trace-sink.ts'], cwd: HERE });
    closes.push(() => sink.stop());
    const load = await Program.start('load', { args: ['load.ts'], cwd: HERE });
    closes.push(() => load.stop());
    const { url: databaseUrl, poolSize } = database;
    const recording = join(folder, 'recording');
    record(recording, { databaseUrl, poolSize });
    return { database, load, databaseUrl, poolSize, sinkPort: sink.started.port, recording, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function record(file: string, shared: Pick<Shared, 'databaseUrl' | 'poolSize'>): void {
  const env = {
    ...process.env,
    DATABASE_URL: shared.databaseUrl,
    DATABASE_POOL_SIZE: String(shared.poolSize),
    PRICING_SECRET: 'only for this bench',
  };
  const { status } = spawnSync(process.execPath, [RECORD, file], { env, stdio: 'inherit' });
  if (status !== 0) throw new Error('what core asks the database was not recorded');
}

/** @param onRound is told that a round has ended */
export async function measureCell(
  { load, database }: Surroundings,
  stacks: readonly Stack[],
  { scenario, connections }: Omit<Cell, 'rounds'>,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Cell> {
  const amounts = new Map<string, number>();
  for (const { name, url } of stacks) {
    const requests = Math.max(TRIED.least, TRIED.each * connections);
    const { rate } = await load.ask<Load>({ job: { url, scenario, connections, requests } });
    amounts.set(name, Math.max(connections, Math.ceil(rate * seconds)));
  }
  const measured = new Map(stacks.map(({ name }): [string, Round[]] => [name, []]));
  for (let i = 0; i < rounds; i++) {
    for (const stack of rotate(stacks, i)) {
      const requests = amounts.get(stack.name) ?? 0;
      const job = { scenario, connections, requests };
      measured.get(stack.name)?.push(await measureRound(load, stack, database, job));
    }
  }
  return { scenario, connections, rounds: measured };
}

/** Each round begins with another variant, so that none profits from its place. */
function rotate<T>(values: readonly T[], by: number): T[] {
  const from = by % values.length;
  return [...values.slice(from), ...values.slice(0, from)];
}

/** Lets V8 compile what a scenario needs, and Postgres plan it. */
export async function warmUp(
  { load }: Surroundings,
  stacks: readonly Stack[],
  scenario: string,
): Promise<void> {
  const { requests, ms, step } = WARM_UP;
  for (const { url } of stacks) {
    const end = performance.now() + ms;
    for (let sent = 0; sent < requests && performance.now() < end; sent += step) {
      await load.ask<Load>({ job: { url, scenario, connections: 16, requests: step } });
    }
  }
}
