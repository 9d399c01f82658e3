/** What a request costs as cores and gateways are added, and whether each of them gets its share of the calls. */
import { markdownTable } from '../markdown-table.ts';
import { spreadOf } from './figures.ts';
import type { Round } from './measure.ts';
import { measureRound } from './measure.ts';
import type { Options } from './options.ts';
import type { Surroundings } from './run.ts';
import { amountFor, warmUp } from './run.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Replica } from './stack.ts';
import { startFleet } from './stack.ts';
import type { Variant } from './variants.ts';

interface Size {
  readonly cores: number;
  readonly gateways: number;
}

const SIZES: readonly Size[] = [1, 2, 3].flatMap((cores) =>
  [1, 2].map((gateways) => ({ cores, gateways })),
);
/** More processes than the machine has cores wait for each other, which is no reason to refuse. */
const VARIANT: Variant = {
  says: 'all telemetry on, nothing refused',
  env: { MAX_QUEUE_DELAY_MS: '600000' },
};
/** The histograms of the calls that each service has answered. */
const CALLS = { cores: 'rpc_server_call_duration', gateways: 'http_server_request_duration' };

interface Measured extends Round {
  /** Of Postgres, while the fleet is under load. */
  readonly connectionsToPostgres: number | undefined;
  /** Calls that each replica answered. */
  readonly callsOf: Readonly<Record<keyof Size, readonly number[]>>;
}

export interface Scaling extends Size {
  readonly scenario: string;
  readonly connections: number;
  readonly rounds: readonly Measured[];
}

/** Starts a fleet of each size in each round, puts it under load, and prints a table of Markdown for each load. */
export async function measureScaling(
  surroundings: Surroundings,
  { scenarios, connections, rounds, seconds }: Options,
): Promise<readonly Scaling[]> {
  const loads = scenarios.flatMap((scenario) => connections.map((n) => ({ scenario, n })));
  const all: Scaling[] = [];
  for (const { scenario, n } of loads) {
    const measured = SIZES.map((): Measured[] => []);
    for (let i = 0; i < rounds; i++) {
      // There and back, so that no size profits from its place.
      const turn = [...SIZES.entries()];
      for (const [at, size] of i % 2 === 0 ? turn : turn.toReversed()) {
        const load = { scenario, connections: n };
        measured[at]?.push(await measureSize(surroundings, size, load, seconds));
      }
    }
    const cells = SIZES.map((size, at) => {
      return { ...size, scenario, connections: n, rounds: measured[at] ?? [] };
    });
    console.log(`\n${SCENARIOS[scenario]?.says}, ${n} connections, ${rounds} rounds; medians\n`);
    console.log(toTable(cells));
    all.push(...cells);
  }
  return all;
}

async function measureSize(
  surroundings: Surroundings,
  size: Size,
  load: { readonly scenario: string; readonly connections: number },
  seconds: number,
): Promise<Measured> {
  const name = `${size.cores} × core, ${size.gateways} × gateway`;
  const fleet = await startFleet(name, VARIANT, surroundings, size);
  try {
    const { database } = surroundings;
    await warmUp(surroundings, [fleet], load.scenario, Math.max(size.cores, size.gateways));
    const requests = await amountFor(surroundings.load, fleet, load, seconds);
    const before = await countCalls(fleet);
    const round = await measureRound(surroundings.load, fleet, database, { ...load, requests });
    const after = await countCalls(fleet);
    const since = (part: keyof Size): number[] =>
      after[part].map((calls, i) => calls - (before[part][i] ?? 0));
    return {
      ...round,
      connectionsToPostgres: await database.connections(),
      callsOf: { cores: since('cores'), gateways: since('gateways') },
    };
  } finally {
    await fleet.stop();
  }
}

async function countCalls(
  fleet: Readonly<Record<keyof Size, readonly Replica[]>>,
): Promise<Record<keyof Size, number[]>> {
  const of = (part: keyof Size): Promise<number[]> =>
    Promise.all(fleet[part].map((replica) => readCount(replica, CALLS[part])));
  return { cores: await of('cores'), gateways: await of('gateways') };
}

/** @returns how much the histogram has counted, with whatever labels */
async function readCount({ metricsPort }: Replica, histogram: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const lines = text.matchAll(new RegExp(`^${histogram}_count\\{.*\\} (\\d+)`, 'gm'));
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

function toTable(cells: readonly Scaling[]): string {
  const head = [
    'cores, gateways',
    'answers a second',
    'p99 ms',
    'CPU ms a request: gateways',
    'cores',
    'Postgres',
    'connections to it',
    'share of a core',
    'share of a gateway',
  ];
  return markdownTable(head, cells.map(toRow));
}

function toRow({ cores, gateways, rounds }: Scaling): string[] {
  const median = (of: (round: Measured) => number | undefined, digits: number): string => {
    const values = rounds.map(of).filter((value) => value !== undefined);
    return values.length === 0 ? 'not seen' : spreadOf(values).median.toFixed(digits);
  };
  return [
    `${cores}, ${gateways}`,
    median(({ rate }) => rate, 0),
    median(({ p99 }) => p99, 0),
    median(({ gatewayMs }) => gatewayMs, 2),
    median(({ coreMs }) => coreMs, 2),
    median(({ postgresMs }) => postgresMs, 2),
    median(({ connectionsToPostgres }) => connectionsToPostgres, 0),
    shares(rounds.map(({ callsOf }) => callsOf.cores)),
    shares(rounds.map(({ callsOf }) => callsOf.gateways)),
  ];
}

/** @returns the least and the most that a replica had of the calls of its round */
function shares(rounds: readonly (readonly number[])[]): string {
  const each = rounds.flatMap((calls) => {
    const all = calls.reduce((sum, count) => sum + count, 0);
    return calls.map((count) => (100 * count) / all);
  });
  const { least, most } = spreadOf(each);
  const [from, to] = [least.toFixed(1), most.toFixed(1)];
  return from === to ? `${from} %` : `${from}–${to} %`;
}
