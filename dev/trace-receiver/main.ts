/** Runs the trace receiver as a process, which prints each finished request as a tree. */
import { readPort } from '../local-stack/read-port.ts';
import { startTraceReceiver } from './server.ts';
import { formatTree } from './tree.ts';

async function main(): Promise<void> {
  const { env } = process;
  const receiver = await startTraceReceiver({
    otlpHost: env['TRACE_RECEIVER_HOST'] || '127.0.0.1',
    otlpPort: readPort('TRACE_RECEIVER_PORT', env['TRACE_RECEIVER_PORT'], 4_317),
    queryPort: readPort('TRACE_QUERY_PORT', env['TRACE_QUERY_PORT'], 16_686),
    onTrace: (trace) => console.log(`\n${formatTree(trace)}\n`),
  });
  const stop = (): void => void receiver.close().finally(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const started = {
    event: 'server_started',
    service: 'trace-receiver',
    url: receiver.otlpUrl,
    query_url: receiver.queryUrl,
  };
  console.log(JSON.stringify(started));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
