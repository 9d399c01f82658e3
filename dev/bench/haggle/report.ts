/** The tables of the bench. */
import type { Figures } from '../../../core-service/src/negotiation/simulate/figures.ts';

const NAME_WIDTH = 74;
const CELL_WIDTH = 14;

export function printTitle(title: string): void {
  printRow(title, 'share', 'deals', 'share × deals', 'of margin', 'rounds', 'gain');
}

export function printFigures(name: string, figures: Figures): void {
  const { share, deals, dealsInMargin, rounds, gain } = figures;
  printRow(
    name,
    ...[share, deals, share * deals, dealsInMargin].map((part) => part.toFixed(3)),
    rounds.toFixed(1),
    gain.toFixed(3),
  );
}

export function printRow(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join(''));
}
