import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';
import type { Variant } from './variants.ts';
import { VARIANTS } from './variants.ts';

export interface Options {
  readonly variants: Readonly<Record<string, Variant>>;
  readonly scenarios: readonly string[];
  readonly connections: readonly number[];
  readonly rounds: number;
  /** Seconds that a round takes, about. */
  readonly seconds: number;
  /** The file that all figures are written to. */
  readonly json: string | undefined;
  /** The folder for CPU profiles, which are taken in place of rounds. */
  readonly profile: string | undefined;
  /** True measures 1, 2 and 3 cores behind 1 and 2 gateways in place of variants. */
  readonly scaling: boolean;
  /** True measures starts in place of requests. */
  readonly start: boolean;
  /** Bids after which the memory of `start` is read. */
  readonly requests: number;
}

export const USAGE = `usage: npx -y pnpm@12 bench [options]
  --variants all,bare       of ${Object.keys(VARIANTS).join(', ')}
  --scenarios bid,search    of ${Object.keys(SCENARIOS).join(', ')}
  --connections 1,16,64
  --rounds 5, --seconds 3   of each variant, scenario and number of connections
  --quick                   bids and searches of three variants on 16 connections: within two minutes
  --with NAME=VALUE,…       one variant more: "all" with these variables, NODE_OPTIONS among them
  --against DIR             one variant more: "all" of another checkout, on this one's schema
  --scaling                 1, 2 and 3 cores behind 1 and 2 gateways: within six minutes
  --start                   measures starts, and memory after --requests 30000 bids
  --profile DIR             writes CPU profiles, and tells the share of each package
  --json FILE               writes all figures of all rounds
DATABASE_URL names a Postgres with pgvector, in which a database is made for the run; without one
the embedded Postgres runs.`;

/** @throws Error that says what is wrong with an option */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      variants: { type: 'string' },
      scenarios: { type: 'string' },
      connections: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      with: { type: 'string' },
      against: { type: 'string' },
      scaling: { type: 'boolean', default: false },
      start: { type: 'boolean', default: false },
      requests: { type: 'string', default: '30000' },
      profile: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { quick, profile, scaling, start, json } = values;
  const few = quick || scaling || profile !== undefined || start;
  const fewVariants = profile === undefined ? 'all,unpatched,bare' : 'all';
  return {
    variants: {
      ...pick('variants', values.variants ?? (few ? fewVariants : undefined), VARIANTS),
      ...(values.with !== undefined && { with: variantWith(values.with) }),
      ...(values.against !== undefined && {
        against: { says: `all of ${values.against}`, root: resolve(values.against) },
      }),
    },
    scenarios: Object.keys(
      pick(
        'scenarios',
        values.scenarios ?? (scaling ? 'bid' : few ? 'bid,search' : undefined),
        SCENARIOS,
      ),
    ),
    connections: (values.connections ?? (few ? '16' : '1,16,64')).split(',').map(positive),
    rounds: positive(values.rounds ?? (quick || scaling ? '3' : '5')),
    seconds: positive(values.seconds ?? '3'),
    json,
    profile,
    scaling,
    start,
    requests: positive(values.requests),
  };
}

/** @returns the named ones of `known`, in the order in which they are known */
function pick<T>(
  option: string,
  list: string | undefined,
  known: Readonly<Record<string, T>>,
): Record<string, T> {
  const names = list?.split(',') ?? Object.keys(known);
  const strange = names.find((name) => !Object.hasOwn(known, name));
  if (strange !== undefined) {
    throw new Error(`--${option} has no ${strange}, only ${Object.keys(known).join(', ')}`);
  }
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)));
}

function variantWith(list: string): Variant {
  const env = Object.fromEntries(
    list.split(',').map((each): [string, string] => {
      const [name = '', ...value] = each.split('=');
      return [name, value.join('=')];
    }),
  );
  return { says: `all with ${list}`, env };
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${text} is no whole number above 0`);
}
