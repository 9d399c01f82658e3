/** Metrics and logs that are sent over OTLP/gRPC, as a collector gets them. */
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';

const SIGNALS = { metrics: 'MetricsService', logs: 'LogsService' } as const;
type Signal = keyof typeof SIGNALS;

let dataDir: string;
let collector: Server;
let endpoint: string;
let stack: Stack;
/** The exports as they came; in protobuf each text is there as it is. */
const received: Record<Signal, Buffer[]> = { metrics: [], logs: [] };

function serve(server: Server, signal: Signal): void {
  const path = `/opentelemetry.proto.collector.${signal}.v1.${SIGNALS[signal]}/Export`;
  const asTheyAre = (bytes: Buffer): Buffer => bytes;
  const method = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asTheyAre,
    requestDeserialize: asTheyAre,
    responseSerialize: asTheyAre,
    responseDeserialize: asTheyAre,
  };
  server.addService(
    { Export: method },
    {
      Export: (
        call: { readonly request: Buffer },
        answer: (error: null, bytes: Buffer) => void,
      ) => {
        received[signal].push(call.request);
        answer(null, Buffer.alloc(0));
      },
    },
  );
}

/** Takes metrics and logs from now on. @returns the port */
async function collect(port: number): Promise<number> {
  collector = new Server();
  for (const signal of ['metrics', 'logs'] as const) serve(collector, signal);
  const bind = promisify(collector.bindAsync.bind(collector));
  return bind(`127.0.0.1:${port}`, ServerCredentials.createInsecure());
}

beforeAll(async () => {
  dataDir = await makeDataDir({ seeded: true });
  const port = await collect(0);
  endpoint = `http://127.0.0.1:${port}`;
  stack = await startStack({
    DATA_DIR: dataDir,
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_BLRP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint,
  });
});
afterAll(async () => {
  await stack?.stop();
  collector?.forceShutdown();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Whether an export of the service has all of these texts, or bytes, in it. */
function has(signal: Signal, service: string, ...parts: readonly (string | Buffer)[]): boolean {
  return received[signal].some((bytes) =>
    [service, ...parts].every((part) => bytes.includes(part)),
  );
}

test('a bid is in the metrics and the log lines of both services', async () => {
  const answer = await fetch(`${stack.url}/v1/negotiate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:a' }),
  });
  const traceId = Buffer.from(answer.headers.get('x-trace-id') ?? '', 'hex');
  expect(traceId).toHaveLength(16);
  await vi.waitFor(() => {
    expect(has('metrics', 'aura-gateway', 'http.server.request.duration')).toBe(true);
    expect(has('metrics', 'aura-core', 'aura.negotiation.decisions', 'countered')).toBe(true);
    expect(has('logs', 'aura-gateway', 'aura.http', 'request_completed', traceId)).toBe(true);
    expect(has('logs', 'aura-core', 'aura.negotiation', 'negotiation_countered', traceId)).toBe(
      true,
    );
  }, 30_000);
});

test('the log on stdout is whole beside it', () => {
  const events = new Set(stack.lines().map((line) => line['event']));
  expect(events).toContain('server_started');
  expect(events).toContain('negotiation_countered');
});

test('nothing that the log does not say is sent', () => {
  expect(has('logs', '', 'sess_')).toBe(false);
  expect(has('logs', '', 'PRICING_SECRET')).toBe(false);
});

const SERVICES = ['aura-gateway', 'aura-core'] as const;

/** The lines of an event about a signal, once both services have written theirs. */
async function toldOf(event: string, signal: Signal) {
  const lines: Readonly<Record<string, unknown>>[] = [];
  for (const service of SERVICES) {
    const fits = (line: Readonly<Record<string, unknown>>): boolean =>
      line['event'] === event && line['signal'] === signal && line['service'] === service;
    lines.push(await stack.line(fits));
  }
  return lines;
}

async function telemetry(): Promise<any> {
  const { checks, telemetry: told }: any = await (await fetch(`${stack.url}/health`)).json();
  return { check: checks.telemetry, ...told };
}

test('metrics and logs that do not arrive are told once each, and once that they do again', async () => {
  collector.forceShutdown();
  const failed = await Promise.all([
    toldOf('telemetry_export_failed', 'metrics'),
    toldOf('telemetry_export_failed', 'logs'),
  ]);
  for (const line of failed.flat()) {
    const why = { link: 'network', error_type: 'UNAVAILABLE' };
    expect(line).toMatchObject({ level: 'warn', endpoint, ...why });
    expect(line).not.toHaveProperty('trace_id');
  }
  await vi.waitFor(async () => {
    const { check, gateway, core } = await telemetry();
    expect([check, gateway.status, core.status]).toEqual(['degraded', 'degraded', 'degraded']);
    for (const { metrics, logs } of [gateway, core]) {
      expect(metrics.exports_failed).toBeGreaterThan(1);
      for (const { failing, lost } of [metrics, logs]) {
        expect(failing.link).toBe('network');
        expect(lost).toBeGreaterThan(0);
      }
    }
  }, 30_000);

  await collect(Number(new URL(endpoint).port));
  const recovered = await Promise.all([
    toldOf('telemetry_export_recovered', 'metrics'),
    toldOf('telemetry_export_recovered', 'logs'),
  ]);
  expect(recovered[0]).toMatchObject([{ data_points_lost: expect.any(Number) }, {}]);
  expect(recovered[1]).toMatchObject([{ log_records_lost: expect.any(Number) }, {}]);
  const events = stack.lines().map((line) => line['event']);
  // One for each signal of each service.
  expect(events.filter((event) => event === 'telemetry_export_failed')).toHaveLength(4);
}, 40_000);
