/** Takes traces, metrics and log records over OTLP/gRPC, and measures what each export weighs. */
import { join } from 'node:path';
import type { handleUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { WireLogs, WireMetrics, WireTraces } from './decode.ts';
import { toLogs, toMetrics, toSpans } from './decode.ts';
import type { LogSeen, MetricSeen, SpanSeen } from './signals.ts';

const PATHS = { Traces: 'trace', Metrics: 'metrics', Logs: 'logs' } as const;
type Method = keyof typeof PATHS;

export interface Collector {
  readonly url: string;
  readonly spans: SpanSeen[];
  readonly metrics: MetricSeen[];
  readonly logs: LogSeen[];
  /** The bodies of the exports as they came. */
  readonly exports: Readonly<Record<Method, Buffer[]>>;
  close(): void;
}

const definition = loadSync(join(import.meta.dirname, 'signals.proto'), {
  enums: String,
  longs: String,
  defaults: true,
  oneofs: true,
});
const methods = definition['aura.conformance.Signals'] as ServiceDefinition;

/** Listens on a free port of this machine. */
export async function collectSignals(): Promise<Collector> {
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
  const seen = { spans: [] as SpanSeen[], metrics: [] as MetricSeen[], logs: [] as LogSeen[] };
  const exports: Record<Method, Buffer[]> = { Traces: [], Metrics: [], Logs: [] };
  const take: Record<Method, (message: unknown) => void> = {
    Traces: (message) => void seen.spans.push(...toSpans(message as WireTraces)),
    Metrics: (message) => void seen.metrics.push(...toMetrics(message as WireMetrics)),
    Logs: (message) => void seen.logs.push(...toLogs(message as WireLogs)),
  };
  for (const name of Object.keys(PATHS) as Method[]) serve(server, name, exports[name], take[name]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { url: `http://127.0.0.1:${port}`, ...seen, exports, close: () => server.forceShutdown() };
}

/** Serves a method at the path that OTLP has for it. */
function serve(
  server: Server,
  name: Method,
  bodies: Buffer[],
  take: (message: unknown) => void,
): void {
  const method = methods[name];
  if (method === undefined) throw new Error(`signals.proto has no ${name}`);
  const signal = PATHS[name];
  const service = `${signal[0]?.toUpperCase()}${signal.slice(1)}Service`;
  const path = `/opentelemetry.proto.collector.${signal}.v1.${service}/Export`;
  const requestDeserialize = (bytes: Buffer): object => {
    bodies.push(bytes);
    return method.requestDeserialize(bytes) as object;
  };
  const takeExport: handleUnaryCall<unknown, object> = ({ request }, answer) => {
    take(request);
    answer(null, {});
  };
  server.addService({ Export: { ...method, path, requestDeserialize } }, { Export: takeExport });
}
