import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { createCoreClient } from './core-client.ts';
import { createLogger } from './logger.ts';
import { openLogOutput } from './log-output.ts';
import { exportWatch, shutdownTelemetry } from './telemetry.ts';
import { unusedVariables } from './telemetry-unused.ts';

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
const core = createCoreClient(config.core);
let draining = false;
const app = await buildApp({
  core,
  logger,
  requestTimeoutMs: config.core.timeoutMs + 2_000,
  corsOrigins: config.corsOrigins,
  mcp: config.mcp,
  publicUrl: config.publicUrl,
  isDraining: () => draining,
  isTelemetryOk: () => exportWatch.isOk(),
});

// The last spans get two seconds beyond the drain.
closeWithGrace({ delay: config.shutdownGraceMs + 2_000, logger: false }, async ({ err }) => {
  if (err) serverLog.fatal({ err }, 'process_failed');
  serverLog.info('server_stopping');
  draining = true;
  // Busy clients never leave all their connections idle at once, so idle ones are swept meanwhile.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 100);
  const cut = setTimeout(() => app.server.closeAllConnections(), config.shutdownGraceMs);
  await app.close();
  clearInterval(sweep);
  clearTimeout(cut);
  core.close();
  await shutdownTelemetry();
});

const { host, port } = config.http;
try {
  const address = await app.listen({ host, port });
  const bound = Number(new URL(address).port);
  serverLog.info({ address, port: bound }, 'server_started');
  // A parent process that waits for this one hears it, whatever the log level.
  process.send?.({ event: 'server_started', port: bound });
} catch (error) {
  process.stderr.write(
    `HTTP_PORT ${port} on ${host} cannot be used: ${(error as Error).message}\n`,
  );
  process.exit(1);
}
