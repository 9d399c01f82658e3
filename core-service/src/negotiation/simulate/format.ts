import { formatMoney } from '../../money.ts';
import type { Simulated, Simulation } from './simulate.ts';

const BAR_WIDTH = 20;

/** A table for people: a line for each buyer, with a bar for the seller's share. */
export function formatSimulation(simulation: Simulation, currency: string): string[] {
  const { buyers, mean, impatient, insider } = simulation;
  return [
    line('buyer', 'price', 'earned', 'deals', 'bids', 'share'),
    ...[...buyers, mean, impatient, insider].map((each) => lineOf(each, currency)),
  ];
}

function lineOf(simulated: Simulated, currency: string): string {
  const { buyer, priceMinor, earnedMinor, deals, rounds, share } = simulated;
  const money = (minor: number): string => formatMoney(Math.round(minor), currency);
  const price = deals === 0 ? '–' : money(priceMinor);
  const bar = '█'.repeat(Math.round(BAR_WIDTH * share)).padEnd(BAR_WIDTH, '░');
  const part = `${bar} ${share.toFixed(2)}`;
  return line(buyer, price, money(earnedMinor), deals.toFixed(2), rounds.toFixed(1), part);
}

function line(buyer: string, ...cells: readonly string[]): string {
  const widths = [14, 14, 7, 6];
  const padded = cells.map((cell, i) => cell.padStart(widths[i] ?? 0));
  return [buyer.padEnd(27), ...padded].join('  ').trimEnd();
}
