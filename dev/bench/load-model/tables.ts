/** The load model as the tables of docs/scaling.md. */
import { markdownTable } from '../markdown-table.ts';
import type { Limit } from './limits.ts';
import { limitsOf } from './limits.ts';
import type { Figure } from './measured.ts';
import { FIGURES } from './measured.ts';
import type { Load, Values } from './model.ts';
import { busyCores, services, storage, telemetry } from './model.ts';

const RATES = [100, 1_000, 10_000];
const INVENTORIES = [1_000, 1_000_000, 10_000_000];

const values = Object.fromEntries(
  Object.entries(FIGURES).map(([name, { value }]) => [name, value]),
) as Values;

/** @returns Markdown, each table after an empty line */
export function writeTables(): string {
  return [rates(), inventories(), firstLimits(), figures()].join('\n\n');
}

function rates(): string {
  const [items = 0] = INVENTORIES;
  const rows: readonly (readonly [string, (load: Load) => string])[] = [
    ['gateway, core: pods', (load) => pair(services(load, values), 'gateways', 'cores')],
    ['… their cores that are busy', (load) => pair(busyCores(load, values), 'gateway', 'core')],
    ['… their memory', (load) => gb(services(load, values).memoryGb)],
    ['connections to Postgres', (load) => number(services(load, values).connections)],
    ['Postgres: cores that are busy with bids', (load) => number(busyCores(load, values).primary)],
    ['… rounds kept', (load) => `${number(storage(load, values).rounds / 1e6)} million`],
    ['… on disk', (load) => gb(storage(load, values).roundsGb)],
    ['… in their indexes', (load) => gb(storage(load, values).roundIndexGb)],
    ['… with deals, each year more', (load) => gb(storage(load, values).dealsGbAYear)],
    ['… write-ahead log', (load) => `${number(storage(load, values).logMbASecond)} MB/s`],
    ['… writes a second', (load) => number(storage(load, values).writes)],
    ['… rounds to sweep a second', (load) => number(storage(load, values).roundsToSweep)],
    ['spans a second', (load) => number(telemetry(load, values).spans)],
    ['… to the collectors', (load) => `${number(telemetry(load, values).traceMb)} MB/s`],
    [
      'collectors of the nodes: cores that are busy',
      (load) => number(telemetry(load, values).nodeCores),
    ],
    ['collectors that decide', (load) => number(telemetry(load, values).collectors)],
    ['… their cores that are busy', (load) => number(telemetry(load, values).decidingCores)],
    ['traces kept, a day', (load) => gb(telemetry(load, values).tracesGbADay)],
    ['logs, a day', (load) => gb(telemetry(load, values).logsGbADay)],
  ];
  return markdownTable(
    ['requests a second', ...RATES.map(number)],
    rows.map(([name, of]) => [name, ...RATES.map((rate) => of({ rate, items }))]),
  );
}

function inventories(): string {
  const load = (items: number): Load => ({ rate: 1_000, items });
  const rows: readonly (readonly [string, (items: number) => string])[] = [
    ['on disk', (items) => gb(storage(load(items), values).inventoryGb)],
    ['index of vectors, in memory', (items) => gb(storage(load(items), values).vectorIndexGb)],
    [
      'Postgres: cores that 1,000 requests a second keep busy with searches',
      (items) => number(busyCores(load(items), values).searching),
    ],
  ];
  return markdownTable(
    ['items', ...INVENTORIES.map(number)],
    rows.map(([name, of]) => [name, ...INVENTORIES.map(of)]),
  );
}

function firstLimits(): string {
  const cell = ({ what, share }: Limit): string => `${what}: ${Math.round(share * 100)} %`;
  const loads = RATES.flatMap((rate) => INVENTORIES.map((items) => ({ rate, items })));
  return markdownTable(
    ['requests a second, items', 'nearest', 'then', 'what goes further'],
    loads.map((load) => {
      const [first, second] = limitsOf(load, values) as [Limit, Limit];
      const ways = [first, second].map(({ further }) => further);
      return [
        `${number(load.rate)}, ${number(load.items)}`,
        cell(first),
        cell(second),
        [...new Set(ways)].join('; '),
      ];
    }),
  );
}

function figures(): string {
  return markdownTable(
    ['what was taken', '', 'from'],
    Object.values<Figure>(FIGURES).map(({ says, value, unit, from }) => [
      says,
      `${value.toLocaleString('en')}${unit && ` ${unit}`}`,
      from,
    ]),
  );
}

function pair<Name extends string>(of: Readonly<Record<Name, number>>, a: Name, b: Name): string {
  return `${number(of[a])}, ${number(of[b])}`;
}

const gb = (value: number): string => `${number(value)} GB`;

/** Two figures that count, and no more than are there. */
function number(value: number): string {
  const digits = value < 100 ? { maximumSignificantDigits: 2 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString('en', digits);
}
