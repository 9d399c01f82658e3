/** The metrics of a pool's connections, which are counted when somebody asks for them. */
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import { areLightSpansOn } from './light-spans.ts';

const unit = '{connection}';
const meter = metrics.getMeter('aura.core.pg');
const count = meter.createObservableUpDownCounter('db.client.connection.count', {
  description:
    'The number of connections that are currently in state described by the state attribute.',
  unit,
});
const max = meter.createObservableUpDownCounter('db.client.connection.limit', {
  description: 'The maximum number of open connections allowed.',
  unit,
});
const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
  description: 'The number of current pending requests for an open connection.',
  unit,
});

/** Returns the labels of a pool. @param url the database's; its password is not shown */
export function poolLabels(url: string): Attributes {
  const { host = 'unknown_host', pathname = '' } = URL.parse(url) ?? {};
  return Object.freeze({ 'db.client.connection.pool.name': `${host}${pathname}` });
}

interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}

/**
 * Counts the pool's connections.
 *
 * @param url the database's; its password is not shown
 * @returns stops counting them
 */
export function countConnections(pool: Pool, url: string): () => void {
  if (!areLightSpansOn()) return () => undefined;
  const labels = poolLabels(url);
  const used = { ...labels, 'db.client.connection.state': 'used' };
  const idle = { ...labels, 'db.client.connection.state': 'idle' };
  const observe = (result: BatchObservableResult): void => {
    result.observe(count, pool.totalCount - pool.idleCount, used);
    result.observe(count, pool.idleCount, idle);
    result.observe(max, pool.options.max, labels);
    result.observe(pending, pool.waitingCount, labels);
  };
  const observed = [count, max, pending];
  meter.addBatchObservableCallback(observe, observed);
  return () => meter.removeBatchObservableCallback(observe, observed);
}
