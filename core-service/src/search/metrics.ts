/** The metrics of searches. */
import { performance } from 'node:perf_hooks';
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('aura.core');
const found = meter.createHistogram('aura.search.results', {
  description: 'Items that a search found',
  unit: '{item}',
  advice: { explicitBucketBoundaries: [0, 1, 2, 5, 10, 20, 50] },
});
const duration = meter.createHistogram('aura.search.duration', {
  description: 'How long a part of a search took',
  unit: 's',
  advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] },
});

// The SDK looks up what is frozen without working out its hash again.
const PARTS = {
  embedding: Object.freeze({ 'aura.search.part': 'embedding' }),
  ranking: Object.freeze({ 'aura.search.part': 'ranking' }),
} as const;

export function countResults(results: number): void {
  found.record(results);
}

/** Runs a part of a search and records how long it took, whether it went well or not. */
export async function timed<T>(part: keyof typeof PARTS, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    duration.record((performance.now() - startedAt) / 1_000, PARTS[part]);
  }
}
