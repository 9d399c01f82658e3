import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Context } from '../context.ts';
import { sessionsSwept } from '../events.ts';
import { sweepSessions } from './repository.ts';

const INTERVAL_MS = 3_600_000;

/**
 * Deletes old sessions now and each hour. A sweep that fails is left to the next one.
 *
 * @returns stops it; a sweep under way is waited for
 */
export function startSweeper(ctx: Context): () => Promise<void> {
  const sweep = async (): Promise<void> => {
    const { sessionRetentionDays } = ctx.config.negotiation;
    await sweepSessions(ctx.db, sessionRetentionDays).then(
      (swept) => sessionsSwept(ctx.logger, swept),
      (error: unknown) => ctx.logger.warn({ err: error }, 'sessions_sweep_failed'),
    );
  };
  // No request of anybody: no trace.
  const untraced = (): Promise<void> => context.with(suppressTracing(context.active()), sweep);
  let last = untraced();
  const timer = setInterval(() => (last = untraced()), INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    return last;
  };
}
