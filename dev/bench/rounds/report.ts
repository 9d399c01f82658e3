/** The figures as tables. */
import { percentile, spreadOf } from '../request/figures.ts';
import type { Costs } from './compare.ts';
import type { Run } from './plans.ts';
import type { Size, Sweep } from './upkeep.ts';

/** By the name of a statement, how it was run beside each number of rounds. */
export type Plans = ReadonlyMap<string, readonly Run[]>;

export function printPlans(sizes: readonly number[], plans: readonly Plans[]): void {
  printRow('a statement: pages, ms', ...sizes.map((size) => `${count(size)} rounds`));
  for (const name of plans.at(-1)?.keys() ?? []) {
    printRow(name, ...plans.map((each) => costOf(each.get(name) ?? [])));
  }
}

function costOf(runs: readonly Run[]): string {
  if (runs.length === 0) return '';
  const pages = spreadOf(runs.map((run) => run.pages)).median;
  const ms = spreadOf(runs.map((run) => run.ms)).median;
  const scanned = new Set(runs.flatMap((run) => run.scanned));
  // The sample inventory has 60 items, which is a page or two.
  scanned.delete('inventory_items');
  return [`${pages}, ${ms.toFixed(2)}`, ...scanned].join(' reads all ');
}

export function printSizes(sizes: readonly Size[]): void {
  printRow('\ntable or index', 'rows', 'MB', 'levels');
  for (const { name, rows, bytes, depth } of sizes) {
    const indented = depth === undefined ? name : `  ${name}`;
    printRow(indented, count(rows), (bytes / 1e6).toFixed(1), depth === undefined ? '' : depth + 1);
  }
}

export function printCosts(sizes: readonly number[], costs: readonly Costs[]): void {
  printRow(
    '\na bid of a haggle of four',
    'CPU ms: Postgres',
    'core',
    'log kB',
    'whole pages in it',
  );
  for (const [i, { postgres, core, logKb, wholePages }] of costs.entries()) {
    const cells = [postgres, core, logKb, wholePages].map((values) => {
      const { median, least, most } = spreadOf(values);
      return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
    });
    printRow(`beside ${count(sizes[i] ?? 0)} rounds`, ...cells);
  }
}

export function printSweeps(sweeps: Readonly<Record<string, Sweep>>): void {
  printRow('\nold rows', 'swept', 'a second', 'CPU ms a row', 'ms a batch', 'the slowest');
  for (const [name, { swept, seconds, cpuMs, batches }] of Object.entries(sweeps)) {
    const sorted = batches.toSorted((a, b) => a - b);
    printRow(
      name,
      count(swept),
      count(swept / seconds),
      (cpuMs / swept).toFixed(3),
      percentile(sorted, 0.5).toFixed(0),
      percentile(sorted, 1).toFixed(0),
    );
  }
}

export function printVacuum(seconds: Readonly<Record<string, number>>): void {
  const told = Object.entries(seconds).map(([table, each]) => `${table} ${each.toFixed(1)} s`);
  console.log(`\nvacuum after that: ${told.join(', ')}`);
}

export const count = (value: number): string => Math.round(value).toLocaleString('en');

function printRow(name: string, ...cells: readonly (string | number)[]): void {
  console.log(name.padEnd(40) + cells.map((cell) => String(cell).padStart(22)).join(''));
}
