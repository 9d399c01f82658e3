/** The figures as tables and as JSON. */
import type { Spread } from './figures.ts';
import { pairedRatios, spreadOf } from './figures.ts';
import type { Round } from './measure.ts';
import { SCENARIOS } from './scenarios.ts';
import { basesOf } from './variants.ts';

/** One scenario on so many connections: the rounds of each variant, in their order. */
export interface Cell {
  readonly scenario: string;
  readonly connections: number;
  readonly rounds: ReadonlyMap<string, readonly Round[]>;
}

interface Column {
  readonly heading: string;
  readonly digits: number;
  readonly of: (round: Round) => number | undefined;
}

/** The columns of the two tables of a cell, by the name that they have in JSON. */
const TABLES: readonly Readonly<Record<string, Column>>[] = [
  {
    rate: { heading: 'answers a second', digits: 0, of: ({ rate }) => rate },
    p50Ms: { heading: 'p50 ms', digits: 1, of: ({ p50 }) => p50 },
    p99Ms: { heading: 'p99 ms', digits: 1, of: ({ p99 }) => p99 },
    gatewayMs: { heading: 'CPU ms: gateway', digits: 2, of: ({ gatewayMs }) => gatewayMs },
    coreMs: { heading: 'core', digits: 2, of: ({ coreMs }) => coreMs },
    postgresMs: { heading: 'Postgres', digits: 2, of: ({ postgresMs }) => postgresMs },
  },
  {
    gatewayKb: { heading: 'KB allocated: gateway', digits: 1, of: ({ gatewayKb }) => gatewayKb },
    coreKb: { heading: 'core', digits: 1, of: ({ coreKb }) => coreKb },
    gatewayMb: { heading: 'MB resident: gateway', digits: 0, of: ({ gatewayMb }) => gatewayMb },
    coreMb: { heading: 'core', digits: 0, of: ({ coreMb }) => coreMb },
  },
];
const RATIOS: Readonly<Record<string, Column>> = {
  rate: { heading: 'answers a second', digits: 2, of: ({ rate }) => rate },
  cpu: { heading: 'CPU', digits: 2, of: ({ gatewayMs, coreMs }) => gatewayMs + coreMs },
  postgresCpu: { heading: 'CPU of Postgres', digits: 2, of: ({ postgresMs }) => postgresMs },
  allocated: {
    heading: 'allocated',
    digits: 2,
    of: ({ gatewayKb, coreKb }) => gatewayKb + coreKb,
  },
};

export function printCell({ scenario, connections, rounds }: Cell): void {
  console.log(`\n${SCENARIOS[scenario]?.says}, ${connections} connections`);
  for (const table of TABLES) {
    const rows = [...rounds].map(([name, each]) => [name, spreads(table, each)] as const);
    print('', table, rows);
  }
  for (const base of basesOf([...rounds.keys()])) {
    const rows = [...rounds.keys()]
      .filter((name) => name !== base)
      .map((name) => [name, ratios(rounds, name, base)] as const);
    if (rows.length > 0) print(`${base} = 1`, RATIOS, rows);
  }
}

/** @returns the cells with their medians, ratios and rounds, ready for JSON */
export function toJson(cells: readonly Cell[]): object[] {
  return cells.map(({ scenario, connections, rounds }) => {
    const bases = basesOf([...rounds.keys()]);
    const variants = [...rounds].map(([name, each]) => {
      const others = bases.filter((base) => base !== name);
      const medians = Object.assign({}, ...TABLES.map((table) => spreads(table, each)));
      const compared = others.map((base) => [base, ratios(rounds, name, base)] as const);
      return [name, { medians, ratios: Object.fromEntries(compared), rounds: each }] as const;
    });
    return { scenario, connections, variants: Object.fromEntries(variants) };
  });
}

type Spreads = Readonly<Record<string, Spread | undefined>>;

function spreads(table: Readonly<Record<string, Column>>, rounds: readonly Round[]): Spreads {
  return eachColumn(table, ({ of }) => rounds.map(of));
}

function ratios(rounds: Cell['rounds'], name: string, base: string): Spreads {
  return eachColumn(RATIOS, ({ of }) =>
    pairedRatios(rounds.get(name)?.map(of) ?? [], rounds.get(base)?.map(of) ?? []),
  );
}

/** Undefined is what was not seen. */
function eachColumn(
  table: Readonly<Record<string, Column>>,
  valuesOf: (column: Column) => readonly (number | undefined)[],
): Spreads {
  const columns = Object.entries(table).map(([name, column]) => {
    const values = valuesOf(column).filter((value) => value !== undefined);
    return [name, values.length === 0 ? undefined : spreadOf(values)] as const;
  });
  return Object.fromEntries(columns);
}

function print(
  corner: string,
  table: Readonly<Record<string, Column>>,
  rows: readonly (readonly [string, Spreads])[],
): void {
  const line = (name: string, cells: readonly string[]): void =>
    console.log(name.padEnd(15) + cells.map((cell) => cell.padStart(22)).join(''));
  line(
    corner,
    Object.values(table).map(({ heading }) => heading),
  );
  for (const [name, values] of rows) {
    line(
      name,
      Object.entries(table).map(([column, { digits }]) => spreadText(values[column], digits)),
    );
  }
}

function spreadText(spread: Spread | undefined, digits: number): string {
  if (!spread) return 'not seen';
  const { median, least, most } = spread;
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}
