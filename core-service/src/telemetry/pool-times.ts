/** The metrics of how long requests wait for a connection of a pool, and keep it. */
import { performance } from 'node:perf_hooks';
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import { poolLabels } from './pool-metrics.ts';

const meter = metrics.getMeter('aura.core.pg');
const times = (name: string, description: string) =>
  meter.createHistogram(name, {
    description,
    unit: 's',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
  });
const waitTime = times(
  'db.client.connection.wait_time',
  'The time it took to obtain an open connection from the pool.',
);
const useTime = times(
  'db.client.connection.use_time',
  'The time between borrowing a connection and returning it to the pool.',
);
const timeouts = meter.createCounter('db.client.connection.timeouts', {
  description:
    'The number of connection timeouts that have occurred trying to obtain a connection from the pool.',
  unit: '{timeout}',
});

/** Records the times of one pool. */
export class PoolTimes {
  readonly #labels: Attributes;

  /** @param url the database's; its password is not shown */
  constructor(url: string) {
    this.#labels = poolLabels(url);
  }

  /** @param since by `performance.now()` */
  waited(since: number): void {
    waitTime.record((performance.now() - since) / 1_000, this.#labels);
  }

  /** @param since by `performance.now()` */
  used(since: number): void {
    useTime.record((performance.now() - since) / 1_000, this.#labels);
  }

  gaveUp(): void {
    timeouts.add(1, this.#labels);
  }
}
