import cluster from 'node:cluster';
import closeWithGrace from 'close-with-grace';
import type { Options } from 'close-with-grace';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { holdHeapSmall } from './heap.ts';
import { createLogger } from './logger.ts';
import { openLogOutput } from './log-output.ts';
import { sayWhenBusy } from './telemetry/metric-reader.ts';
import { scrapeAddress, sendLine } from './telemetry/preload.ts';
import { serveScrapes } from './telemetry/worker-metrics.ts';
import { unusedVariables } from './telemetry-unused.ts';
import { isLead, leadWorkers } from './workers.ts';

/** Milliseconds beyond the drain for the pool and the last spans, and for workers that have to be killed. */
const LAST_SPANS_MS = 3_000;
const LAST_WORKERS_MS = 8_000;

const config = configOrExit();
const output = openLogOutput(sendLine);
process.once('exit', () => output.flushSync());
const { logLevel: level, serviceName: service } = config;
const logger = createLogger({ level, service, worker: cluster.worker?.id }, output);
const serverLog = logger.child({ logger: 'server' });
await (isLead(process.env['WORKERS']) ? lead() : serve());

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function serve(): Promise<void> {
  // The lead leaves this out, which alone takes as much memory as its workers.
  const { createCore } = await import('./serve.ts');
  const core = await createCore(config, logger, unusedVariables(process.env));
  closeOnSignal(LAST_SPANS_MS, () => core.close());
  const { host } = config.grpc;
  try {
    const bound = await core.listen();
    const line = { host, port: bound, pid: process.pid };
    if (cluster.isWorker) serverLog.info(line, 'worker_started');
    else serverLog.info(line, 'server_started');
    // The process that started this one hears of it whatever the log level.
    process.send?.({ event: 'server_started', port: bound });
    holdHeapSmall();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

async function lead(): Promise<void> {
  const { workers: count, shutdownGraceMs } = config;
  const leading = leadWorkers({ count, logger: serverLog, shutdownGraceMs });
  closeOnSignal(LAST_WORKERS_MS, async () => {
    const isWell = await leading.then((workers) => workers.close());
    if (!isWell) throw new Error('a worker did not end well');
  });
  const { port } = await leading.catch(() => process.exit(1));
  const address = scrapeAddress;
  if (address) serveScrapes(address, (error) => sayWhenBusy(address, error));
  serverLog.info({ port, workers: count }, 'server_started');
  process.send?.({ event: 'server_started', port });
}

/** @param moreMs milliseconds beyond the drain after which the process ends whatever is left */
function closeOnSignal(moreMs: number, close: () => Promise<void>): void {
  // Ctrl-C reaches workers too, but it is the lead that tells them to end.
  if (cluster.isWorker) process.on('SIGINT', () => undefined);
  const options: Options = {
    delay: config.shutdownGraceMs + moreMs,
    logger: false,
    skip: cluster.isWorker ? ['SIGINT'] : [],
  };
  closeWithGrace(options, async ({ err }) => {
    if (err) serverLog.fatal({ err }, 'process_failed');
    serverLog.info('server_stopping');
    await close();
  });
}
