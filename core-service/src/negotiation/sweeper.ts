import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { sweepNonces } from '../agents/repository.ts';
import type { Context } from '../context.ts';
import { sweepStages } from '../inventory/import-repository.ts';
import { sweepKeys } from '../idempotency/repository.ts';
import { rowsSwept } from './events.ts';
import { sweepSessions } from './repository.ts';

const INTERVAL_MS = 3_600_000;

/**
 * Deletes old sessions, idempotency keys and nonces now and each hour. A sweep that fails is left to the next one.
 *
 * @returns stops it; the batch under way is waited for
 */
export function startSweeper(ctx: Context): () => Promise<void> {
  const stop = new AbortController();
  const sweep = async (): Promise<void> => {
    const { db, logger, config } = ctx;
    try {
      const sessions = await sweepSessions(
        db,
        config.negotiation.sessionRetentionDays,
        stop.signal,
      );
      rowsSwept(logger, 'sessions_swept', sessions);
      rowsSwept(logger, 'idempotency_keys_swept', await sweepKeys(db, stop.signal));
      rowsSwept(logger, 'nonces_swept', await sweepNonces(db, stop.signal));
      rowsSwept(logger, 'import_rows_swept', await sweepStages(db));
    } catch (error) {
      logger.warn({ err: error }, 'sweep_failed');
    }
  };
  // No request of anybody: no trace.
  const untraced = (): Promise<void> => context.with(suppressTracing(context.active()), sweep);
  let last = untraced();
  const timer = setInterval(() => (last = untraced()), INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    stop.abort();
    return last;
  };
}
