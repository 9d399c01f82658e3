import { Admission } from './admission.ts';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { createCoreClient } from './core-client.ts';
import { CoreThrottle } from './core-throttle.ts';
import type { Logger } from './logger.ts';
import { partFromClients } from './part.ts';
import type { unusedVariables } from './telemetry-unused.ts';
import { exportWatches, identity, shutdownTelemetry, statusOfTelemetry } from './telemetry.ts';

/** Milliseconds in which clients hear that they have to close their connections, before idle ones are closed. */
const PARTING_MS = 1_000;

/**
 * Connections that may wait to be accepted, of which the kernel takes no more than `net.core.somaxconn` (4,096 on
 * Linux). Of those beyond it nobody hears: they try again after 1, 3 and 7 seconds, and Node's own 511 come
 * together while the event loop is late by half a second.
 */
const BACKLOG = 4_096;

/** The gateway in this process. */
export interface Gateway {
  /** @returns the address, with the port that the system chose when the config says 0 */
  listen(): Promise<string>;
  /** Drains what is under way, and cuts what is left after the grace. */
  close(): Promise<void>;
}

export async function createGateway(
  config: Config,
  logger: Logger,
  unused: ReturnType<typeof unusedVariables>,
): Promise<Gateway> {
  const telemetryLog = logger.child({ logger: 'telemetry' });
  telemetryLog.info(identity, 'telemetry_initialized');
  for (const each of unused) telemetryLog.warn(each, 'telemetry_variable_unused');
  for (const watch of exportWatches) {
    watch.on('failed', (failure) => telemetryLog.warn(failure, 'telemetry_export_failed'));
    watch.on('recovered', (again) => telemetryLog.info(again, 'telemetry_export_recovered'));
  }
  const serverLog = logger.child({ logger: 'server' });
  if (config.agentAuth === 'required' && config.publicUrl === undefined) {
    serverLog.warn('public_url_missing');
  }
  const throttle = new CoreThrottle();
  const admission = new Admission({
    limits: config.load,
    logger: serverLog,
    upstreamKeepsBack: () => throttle.keepsBack(),
  });
  const core = createCoreClient({
    ...config.core,
    throttle,
    logger: logger.child({ logger: 'core' }),
  });
  let draining = false;
  const app = await buildApp({
    core,
    logger,
    admission,
    requestTimeoutMs: config.core.timeoutMs + 2_000,
    corsOrigins: config.corsOrigins,
    mcp: config.mcp,
    publicUrl: config.publicUrl,
    auth: { mode: config.agentAuth },
    limits: config.limits,
    trustProxy: config.trustProxy,
    isDraining: () => draining,
    statusOfTelemetry,
  });
  return {
    listen: () => app.listen({ ...config.http, backlog: BACKLOG }),
    close: async () => {
      draining = true;
      const cut = setTimeout(() => app.server.closeAllConnections(), config.shutdownGraceMs);
      await partFromClients(app.server, Math.min(PARTING_MS, config.shutdownGraceMs));
      // Busy clients never leave all their connections idle at once, so idle ones are swept meanwhile.
      const sweep = setInterval(() => app.server.closeIdleConnections(), 100);
      await app.close();
      clearInterval(sweep);
      clearTimeout(cut);
      core.close();
      await shutdownTelemetry();
    },
  };
}
