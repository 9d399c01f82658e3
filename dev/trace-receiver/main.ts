/** Runs the trace receiver as a process, which prints each finished request as a tree. */
import { startTraceReceiver } from './server.ts';
import { formatTree } from './tree.ts';

const receiver = await startTraceReceiver({
  otlpHost: process.env['TRACE_RECEIVER_HOST'] || '127.0.0.1',
  otlpPort: Number(process.env['TRACE_RECEIVER_PORT'] || 4317),
  queryPort: Number(process.env['TRACE_QUERY_PORT'] || 16_686),
  onTrace: (trace) => console.log(`\n${formatTree(trace)}\n`),
});
const stop = (): void => void receiver.close().finally(() => process.exit(0));
process.once('SIGTERM', stop).once('SIGINT', stop);
const { otlpUrl, queryUrl } = receiver;
console.log(
  JSON.stringify({
    event: 'server_started',
    service: 'trace-receiver',
    url: otlpUrl,
    query_url: queryUrl,
  }),
);
