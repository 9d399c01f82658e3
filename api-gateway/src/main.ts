import cluster from 'node:cluster';
import closeWithGrace from 'close-with-grace';
import type { Options } from 'close-with-grace';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { holdHeapSmall } from './heap.ts';
import { createLogger } from './logger.ts';
import { openLogOutput } from './log-output.ts';
import { sayWhenBusy } from './metric-reader.ts';
import { scrapeAddress, sendLine } from './telemetry.ts';
import { serveScrapes } from './worker-metrics.ts';
import { unusedVariables } from './telemetry-unused.ts';
import { isLead, leadWorkers } from './workers.ts';

/** Milliseconds beyond the drain for the last spans, and for workers that have to be killed. */
const LAST_SPANS_MS = 2_000;
const LAST_WORKERS_MS = 7_000;

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
  const { createGateway } = await import('./serve.ts');
  const gateway = await createGateway(config, logger, unusedVariables(process.env));
  closeOnSignal(LAST_SPANS_MS, () => gateway.close());
  const { host, port } = config.http;
  try {
    const listening = await gateway.listen();
    const bound = Number(new URL(listening).port);
    // Whoever reads the line of a container can open only the address that it is published at.
    const address = config.publishedUrl ?? listening;
    const line = { address, port: bound, pid: process.pid };
    if (cluster.isWorker) serverLog.info(line, 'worker_started');
    else serverLog.info(line, 'server_started');
    // A parent process that waits for this one hears it, whatever the log level.
    process.send?.({ event: 'server_started', port: bound });
    holdHeapSmall();
  } catch (error) {
    process.stderr.write(
      `HTTP_PORT ${port} on ${host} cannot be used: ${(error as Error).message}\n`,
    );
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
  const scraped = scrapeAddress;
  if (scraped) serveScrapes(scraped, (error) => sayWhenBusy(scraped, error));
  const address = config.publishedUrl;
  serverLog.info({ ...(address && { address }), port, workers: count }, 'server_started');
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
