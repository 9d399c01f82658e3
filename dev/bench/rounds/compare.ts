/** What a bid costs in one database and in another, in turns. */
import type { Context } from '../../../core-service/src/context.ts';
import { metered } from '../cpu-meter.ts';
import { BIDS_A_HAGGLE, haggles, openCore } from './haggles.ts';
import type { Place } from './place.ts';
import { readWal } from './upkeep.ts';

const ROUNDS = 5;
const HAGGLES = 300;
const CONNECTIONS = 8;

/** A bid's costs, one value for each round of the comparison. */
export interface Costs {
  /** CPU milliseconds. */
  readonly postgres: number[];
  readonly core: number[];
  /** Kilobytes (1,000 bytes) that Postgres writes to its log. */
  readonly logKb: number[];
  /** Pages that it writes there as a whole, since the bid is the first to change them after a checkpoint. */
  readonly wholePages: number[];
}

const NAMES = ['postgres', 'core', 'logKb', 'wholePages'] as const satisfies (keyof Costs)[];

/** Each round begins right after a checkpoint. */
export async function compare(places: readonly Place[]): Promise<readonly Costs[]> {
  const costs = places.map((): Costs => ({ postgres: [], core: [], logKb: [], wholePages: [] }));
  const cores = await Promise.all(places.map(({ url }) => openCore(url, CONNECTIONS)));
  await Promise.all(cores.map((ctx) => ctx.database.warmUp()));
  // In the first round Postgres plans and V8 compiles.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, place] of places.entries()) {
      const one = await costOf(place, cores[i] as Context);
      if (round === 0) continue;
      for (const name of NAMES) costs[i]?.[name].push(one[name]);
    }
  }
  await Promise.all(cores.map((ctx) => ctx.close()));
  return costs;
}

async function costOf(
  { url, client }: Place,
  ctx: Context,
): Promise<Readonly<Record<keyof Costs, number>>> {
  await client.query('checkpoint');
  const before = await readWal(client);
  const cpu = await metered(url, () => haggles(ctx, HAGGLES));
  // Each backend tells the server's counters at the end of a statement, a second after the last time at most.
  await client.query('select pg_sleep(1.1)');
  const after = await readWal(client);
  const bids = HAGGLES * BIDS_A_HAGGLE;
  return {
    postgres: cpu.postgres / bids,
    core: cpu.here / bids,
    logKb: (after.bytes - before.bytes) / 1_000 / bids,
    wholePages: (after.pages - before.pages) / bids,
  };
}
