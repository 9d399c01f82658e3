import type { Outcome } from './load.ts';
import { count } from './load.ts';

/** @returns one line for a fault: what was sent, what came back, how long it took */
export function figuresOf(title: string, outcomes: readonly Outcome[], backMs?: number): string {
  const slowest = Math.max(0, ...outcomes.map(({ took }) => took));
  const answers = Object.entries(count(outcomes)).map(([status, n]) => `${n} × ${status}`);
  const back = backMs === undefined ? '' : `; answers again after ${(backMs / 1_000).toFixed(1)} s`;
  const sent = `${outcomes.length} requests: ${answers.join(', ')}`;
  return `${title}: ${sent}; slowest ${slowest} ms${back}`;
}
