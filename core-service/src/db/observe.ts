/** Metrics that the database is asked for when somebody collects them. */
import { setTimeout as wait } from 'node:timers/promises';
import type {
  BatchObservableCallback,
  BatchObservableResult,
  Observable,
} from '@opentelemetry/api';
import { context, metrics } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Milliseconds that a collection waits for the database; without an answer the metrics are left out of it. */
const PATIENCE_MS = 500;

const meter = metrics.getMeter('aura.core');

/**
 * Asks the database once a collection, and never a second time while it has not answered: a busy
 * database is not made busier.
 *
 * @param look asks
 * @param observe tells what the answer means
 * @returns stops asking
 */
export function observeDatabase<Answer>(
  observables: Observable[],
  look: () => Promise<Answer>,
  observe: (result: BatchObservableResult, answer: Answer) => void,
): () => void {
  let isLooking = false;
  const untraced = async (): Promise<Answer | undefined> => {
    isLooking = true;
    try {
      return await context.with(suppressTracing(context.active()), look);
    } catch {
      // The statement's own metric, and the health check, tell of a database that fails.
      return undefined;
    } finally {
      isLooking = false;
    }
  };
  const callback: BatchObservableCallback = async (result) => {
    if (isLooking) return;
    const answer = await Promise.race([untraced(), wait(PATIENCE_MS, undefined, { ref: false })]);
    if (answer !== undefined) observe(result, answer);
  };
  meter.addBatchObservableCallback(callback, observables);
  return () => meter.removeBatchObservableCallback(callback, observables);
}
