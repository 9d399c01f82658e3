import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { keepEmbedded } from './inventory/keep-embedded.ts';
import type { Logger } from './logger.ts';
import { buildServer } from './server.ts';
import type { unusedVariables } from './telemetry-unused.ts';
import {
  exportWatches,
  identity,
  shutdownTelemetry,
  statusOfTelemetry,
} from './telemetry/preload.ts';

/** Milliseconds that the pool, and a batch of vectors, have to end; a stalled database would hold them up longer. */
const CLOSE_MS = 1_000;

/** Core in this process. */
export interface Core {
  /** @returns the port, chosen by the system when the config says 0 */
  listen(): Promise<number>;
  /** Drains what is under way, and cuts what is left after the grace. */
  close(): Promise<void>;
}

export async function createCore(
  config: Config,
  logger: Logger,
  unused: ReturnType<typeof unusedVariables>,
): Promise<Core> {
  const telemetryLog = logger.child({ logger: 'telemetry' });
  telemetryLog.info(identity, 'telemetry_initialized');
  for (const each of unused) telemetryLog.warn(each, 'telemetry_variable_unused');
  for (const watch of exportWatches) {
    watch.on('failed', (failure) => telemetryLog.warn(failure, 'telemetry_export_failed'));
    watch.on('recovered', (again) => telemetryLog.info(again, 'telemetry_export_recovered'));
  }
  const ctx = await createContext(config, logger);
  await ctx.database.warmUp();
  const server = await buildServer(ctx, statusOfTelemetry);
  const stopEmbedding = keepEmbedded(ctx);
  return {
    listen: () => server.listen(),
    close: async () => {
      const embedded = stopEmbedding();
      await server.close();
      await Promise.race([embedded, wait(CLOSE_MS)]);
      await Promise.race([ctx.close(), wait(CLOSE_MS)]);
      await shutdownTelemetry();
    },
  };
}
