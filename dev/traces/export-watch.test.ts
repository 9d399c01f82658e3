/** Traces that go nowhere are told by both services, and so is that they arrive again. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EmbeddedPostgres } from '../local-stack/embedded-postgres.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';

let database: EmbeddedPostgres;
beforeAll(async () => {
  database = await startTestPostgres({ seeded: true });
});
afterAll(() => database.close());

const running: Service[] = [];
afterEach(() => {
  for (const service of running.splice(0)) service.kill();
});

async function startPair(env: NodeJS.ProcessEnv) {
  const common = { OTEL_BSP_SCHEDULE_DELAY: '1', SHUTDOWN_GRACE_MS: '30000', ...env };
  const core = await startService('core-service', {
    GRPC_PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '1',
    PRICING_SECRET: 'the same secret in each test',
    ...common,
  });
  running.push(core);
  const CORE_SERVICE_HOST = `127.0.0.1:${core.port}`;
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST,
    ...common,
  });
  running.push(gateway);
  const url = `http://127.0.0.1:${gateway.port}`;

  async function search(): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const body = '{"query":"beach"}';
    return (await fetch(`${url}/v1/search`, { method: 'POST', headers, body })).status;
  }
  return {
    services: [core, gateway],
    /** Searches, so that there are spans, until both have told it. @returns the lines of both */
    told: (event: string) =>
      vi.waitFor(
        async () => {
          expect(await search()).toBe(200);
          const lines = [core, gateway].map((service) =>
            service.lines.filter((line) => line['event'] === event),
          );
          for (const each of lines) expect(each.length).toBeGreaterThan(0);
          return lines;
        },
        { timeout: 30_000, interval: 100 },
      ),
    health: async () => (await (await fetch(`${url}/health`)).json()) as any,
  };
}

async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function receive(otlpPort: number, otlpHost = '127.0.0.1'): Promise<TraceReceiver> {
  const receiver = await startTraceReceiver({ otlpHost, otlpPort, queryPort: 0 });
  onTestFinished(() => receiver.close());
  return receiver;
}

const becomes = (pair: Awaited<ReturnType<typeof startPair>>, telemetry: string, status: string) =>
  vi.waitFor(
    async () => expect(await pair.health()).toMatchObject({ status, checks: { telemetry } }),
    { timeout: 30_000 },
  );

describe.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', '127.0.0.1', (port: number) => `http://127.0.0.1:${port}`],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', '::1', (port: number) => `http://[::1]:${port}`],
])('%s at %s', (variable, host, endpointOf) => {
  test('exports that begin to fail are told once, and once when they work again', async () => {
    const port = await freePort(host);
    const endpoint = endpointOf(port);
    const elsewhere = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const secret = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer geheim' };
    const pair = await startPair({ ...elsewhere, ...secret, [variable]: endpoint });
    expect(await pair.health()).toMatchObject({ checks: { telemetry: 'ok' } });

    const failed = await pair.told('telemetry_export_failed');
    await becomes(pair, 'degraded', 'degraded');
    const why = { link: 'network', error_type: 'UNAVAILABLE', error_code: 'ECONNREFUSED' };
    const line = { level: 'warn', signal: 'traces', endpoint, ...why };
    expect(failed).toMatchObject([[line], [line]]);
    // The batch that failed had the spans of a request; the line is not about that one.
    for (const each of failed.flat()) expect(each).not.toHaveProperty('trace_id');
    for (const each of failed.flat()) expect(each).not.toHaveProperty('request_id');

    await receive(port, host);
    const recovered = await pair.told('telemetry_export_recovered');
    const again = { level: 'info', endpoint, spans_lost: expect.any(Number) };
    expect(recovered).toMatchObject([[again], [again]]);
    await becomes(pair, 'ok', 'healthy');
    const text = JSON.stringify(pair.services.map(({ lines }) => lines));
    expect(text).not.toContain('geheim');
    expect(await pair.told('telemetry_export_failed')).toEqual(failed);
  });
});

describe('what is unusual about an endpoint is told with its failure', () => {
  test('no scheme: TLS, which a collector on this machine rarely speaks', async () => {
    const port = await freePort();
    await receive(port);
    const pair = await startPair({ OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${port}` });
    const line = {
      endpoint: `https://127.0.0.1:${port}`,
      link: 'exporter',
      error_type: 'UNAVAILABLE',
      hint: `without a scheme TLS is spoken; http://127.0.0.1:${port} is without`,
    };
    expect(await pair.told('telemetry_export_failed')).toMatchObject([[line], [line]]);
  });

  test('a receiver that speaks HTTP alone', async () => {
    const server = createHttpServer((_request, response) => void response.end()).listen(0);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pair = await startPair({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    const line = { endpoint: `http://127.0.0.1:${port}`, error_type: expect.any(String) };
    expect(await pair.told('telemetry_export_failed')).toMatchObject([[line], [line]]);
  });

  test('a name that does not resolve', async () => {
    const pair = await startPair({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.invalid:4318' });
    const line = {
      error_type: 'UNAVAILABLE',
      hint: 'its port 4318 is for OTLP over HTTP; Aura sends OTLP over gRPC: write http://collector.invalid:4317, or where else the collector takes it',
    };
    expect(await pair.told('telemetry_export_failed')).toMatchObject([[line], [line]]);
  });

  test('a host that takes the connection and never answers', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined).resume());
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const pair = await startPair({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    });
    const line = { endpoint, error_type: 'DEADLINE_EXCEEDED' };
    expect(await pair.told('telemetry_export_failed')).toMatchObject([[line], [line]]);
  });
});

describe.each(['api-gateway', 'core-service'] as const)('%s', (folder) => {
  const preload = folder === 'api-gateway' ? './src/telemetry.ts' : './src/telemetry/preload.ts';

  test.each([
    ['OTEL_TRACES_SAMPLER', 'allways_on', /must be always_on, .* not "allways_on"$/],
    ['OTEL_TRACES_SAMPLER_ARG', '1%', /must be a number from 0 to 1 such as 0\.01, not "1%"$/],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'http://::1:4317',
      /must look like .*, not "http:\/\/::1:4317"$/,
    ],
    ['OTEL_EXPORTER_PROMETHEUS_PORT', 'x', /must be a whole number from 1 to 65535, not "x"$/],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0', /must be a whole number from 1 to 1000000, not "0"$/],
  ])('refuses %s=%s in one line and ends with 1', async (name, value, words) => {
    const { PATH } = process.env;
    const env = {
      PATH,
      DATABASE_URL: database.url,
      PRICING_SECRET: 'the same secret in each test',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      [name]: value,
    };
    const cwd = join(import.meta.dirname, '../..', folder);
    const run = promisify(execFile)(process.execPath, ['--import', preload, 'src/main.ts'], {
      cwd,
      env,
    });
    const failure = (await run.catch((error: unknown) => error)) as any;
    expect(failure).toMatchObject({ code: 1, stdout: '' });
    const lines = failure.stderr.trimEnd().split('\n');
    expect(lines).toEqual([expect.stringMatching(words)]);
    expect(lines[0]).toMatch(new RegExp(`^${name} `));
  });
});

test('both services say at their start which variables do nothing', async () => {
  const { services } = await startPair({
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost:4317',
    OTEL_EXPORTER_JAEGER_ENDPOINT: 'http://localhost:14268',
    OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '16',
  });
  for (const { lines } of services) {
    expect(lines.filter(({ event }) => event === 'telemetry_variable_unused')).toMatchObject([
      { level: 'warn', logger: 'telemetry', variable: 'OTEL_EXPORTER_JAEGER_ENDPOINT' },
      { level: 'warn', variable: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT' },
    ]);
  }
});
