import { setTimeout as wait } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { keepEmbedded } from './inventory/keep-embedded.ts';
import { createLogger } from './logger.ts';
import { openLogOutput } from './log-output.ts';
import { buildServer } from './server.ts';
import { unusedVariables } from './telemetry-unused.ts';
import { exportWatch, shutdownTelemetry } from './telemetry/preload.ts';

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = configOrExit();
const output = openLogOutput();
process.once('exit', () => output.flushSync());
const logger = createLogger({ level: config.logLevel, service: config.serviceName }, output);
const telemetryLog = logger.child({ logger: 'telemetry' });
telemetryLog.info('telemetry_initialized');
for (const each of unusedVariables(process.env)) {
  telemetryLog.warn(each, 'telemetry_variable_unused');
}
exportWatch.on('failed', (failure) => telemetryLog.warn(failure, 'telemetry_export_failed'));
exportWatch.on('recovered', (again) => telemetryLog.info(again, 'telemetry_export_recovered'));
const serverLog = logger.child({ logger: 'server' });
const ctx = await createContext(config, logger);
await ctx.database.warmUp();
const server = await buildServer(ctx, () => exportWatch.isOk());
const stopEmbedding = keepEmbedded(ctx);

/** Milliseconds that the pool, and a batch of vectors, have to end; a stalled database would hold them up longer. */
const CLOSE_MS = 1_000;
// Three seconds beyond the drain for the pool and the last spans.
closeWithGrace({ delay: config.shutdownGraceMs + 3_000, logger: false }, async ({ err }) => {
  if (err) serverLog.fatal({ err }, 'process_failed');
  serverLog.info('server_stopping');
  const embedded = stopEmbedding();
  await server.close();
  await Promise.race([embedded, wait(CLOSE_MS)]);
  await Promise.race([ctx.close(), wait(CLOSE_MS)]);
  await shutdownTelemetry();
});

try {
  const port = await server.listen();
  serverLog.info({ host: config.grpc.host, port }, 'server_started');
  // The process that started this one hears of it whatever the log level.
  process.send?.({ event: 'server_started', port });
} catch (error) {
  const { host, port } = config.grpc;
  process.stderr.write(
    `GRPC_PORT ${port} on ${host} cannot be used: ${(error as Error).message}\n`,
  );
  process.exit(1);
}
