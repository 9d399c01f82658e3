/** The run: everything is started, then the variants take turns under each load. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import type { Load } from './load.ts';
import type { Round } from './measure.ts';
import { measureRound } from './measure.ts';
import { Program } from './program.ts';
import type { Cell } from './report.ts';
import type { Fleet, Shared, Stack } from './stack.ts';

const HERE = import.meta.dirname;
const RECORD = fileURLToPath(import.meta.resolve('./bare/record.ts'));
/** A stack is warmed up for a scenario until so many requests are answered, or so much time is over, for each replica. */
const WARM_UP = { requests: 1_500, ms: 3_000, step: 100 };
/** Requests by which the length of a round is worked out, on each of the connections and in all. */
const TRIED = { each: 3, least: 50 };

/** What the stacks need around them. */
export interface Surroundings extends Shared {
  readonly database: Database;
  readonly load: Program;
  close(): Promise<void>;
}

/** @param withBare false leaves out what the bare path needs */
export async function startSurroundings(
  url: string | undefined,
  withBare: boolean,
): Promise<Surroundings> {
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
    if (withBare) await record(recording, { databaseUrl, poolSize });
    return { database, load, databaseUrl, poolSize, sinkPort: sink.started.port, recording, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Writes what core asks the database, and answers, to a file for the bare path.
 *
 * @throws with what core said on stderr
 */
export async function record(
  file: string,
  { databaseUrl, poolSize }: Pick<Shared, 'databaseUrl' | 'poolSize'>,
): Promise<void> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(poolSize),
    PRICING_SECRET: 'only for this bench',
  };
  await promisify(execFile)(process.execPath, [RECORD, file], { env });
}

export async function measureCell(
  { load, database }: Surroundings,
  stacks: readonly Stack[],
  { scenario, connections }: Omit<Cell, 'rounds'>,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Cell> {
  const amounts = new Map<string, number>();
  for (const stack of stacks) {
    amounts.set(stack.name, await amountFor(load, stack, { scenario, connections }, seconds));
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

/** @returns the number of requests that the stack answers in that time, about */
export async function amountFor(
  load: Program,
  { urls: url }: Fleet,
  { scenario, connections }: Omit<Cell, 'rounds'>,
  seconds: number,
): Promise<number> {
  const requests = Math.max(TRIED.least, TRIED.each * connections);
  const { rate } = await load.ask<Load>({ job: { url, scenario, connections, requests } });
  return Math.max(connections, Math.ceil(rate * seconds));
}

/** Each round begins with another variant, so that none profits from its place. */
function rotate<T>(values: readonly T[], by: number): T[] {
  const from = by % values.length;
  return [...values.slice(from), ...values.slice(0, from)];
}

/** Lets V8 compile what a scenario needs, in each of so many replicas, and Postgres plan it. */
export async function warmUp(
  { load }: Surroundings,
  fleets: readonly Fleet[],
  scenario: string,
  replicas = 1,
): Promise<void> {
  const { ms, step } = WARM_UP;
  const requests = WARM_UP.requests * replicas;
  for (const { urls: url } of fleets) {
    const end = performance.now() + ms * replicas;
    for (let sent = 0; sent < requests && performance.now() < end; sent += step) {
      await load.ask<Load>({ job: { url, scenario, connections: 16, requests: step } });
    }
  }
}
