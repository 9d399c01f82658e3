/** test_telemetry.ts tells which link of the way of a trace is broken: each link is broken here in turn. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EmbeddedPostgres } from '../local-stack/embedded-postgres.ts';
import { startTestPostgres } from '../testing/database.ts';
import { freePortPair } from '../testing/free-ports.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import { brokenLink } from './broken-link.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';

const ROOT = join(import.meta.dirname, '../..');

let database: EmbeddedPostgres;
let core: Service;
let gateway: Service;
/** Nobody listens there, but for the collector that a test starts. */
let otlpPort: number;
const running: Service[] = [];

beforeAll(async () => {
  database = await startTestPostgres({ seeded: true });
  const DATABASE = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '1' };
  otlpPort = await freePortPair();
  core = await startService('core-service', {
    ...sending(),
    ...DATABASE,
    GRPC_PORT: '0',
    PRICING_SECRET: 'the same secret in each test',
  });
  running.push(core);
  gateway = await startGateway({});
});
afterAll(async () => {
  for (const service of running.toReversed()) await service.stop();
  await database?.close();
});

const sending = (): NodeJS.ProcessEnv => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
  OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
  OTEL_BSP_SCHEDULE_DELAY: '50',
});

const nobody = (): string => `http://127.0.0.1:${otlpPort + 1}`;

async function startGateway(env: NodeJS.ProcessEnv): Promise<Service> {
  const CORE_SERVICE_HOST = `127.0.0.1:${core.port}`;
  const started = await startService('api-gateway', {
    ...sending(),
    HTTP_PORT: '0',
    CORE_SERVICE_HOST,
    ...env,
  });
  running.push(started);
  return started;
}

/** Runs the script as a person does. @param jaeger nobody answers there by default */
async function run(at: Service, jaeger = nobody(), seconds = 10) {
  const script = join(ROOT, 'test_telemetry.ts');
  const child = spawn(process.execPath, [script, '--wait', String(seconds)], {
    env: { ...process.env, GATEWAY_URL: `http://127.0.0.1:${at.port}`, JAEGER_URL: jaeger },
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (process.env['SHOW']) process.stdout.write(`${output}\n`);
  return { code, output };
}

type Answer = (done: (error: object | null, bytes?: Buffer) => void) => void;

/** Starts a collector that gives each export this answer, and waits until both services reach it. */
async function collect(answer: Answer): Promise<void> {
  const server = new Server();
  const pass = (bytes: Buffer): Buffer => bytes;
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const method = { path, requestStream: false, responseStream: false } as const;
  const callers = new Set<string>();
  server.addService(
    {
      Export: {
        ...method,
        requestSerialize: pass,
        requestDeserialize: pass,
        responseSerialize: pass,
        responseDeserialize: pass,
      },
    },
    {
      Export: (call: { readonly request: Buffer }, done: Parameters<Answer>[0]) => {
        const sender = ['aura-gateway', 'aura-core'].find((name) => call.request.includes(name));
        callers.add(sender ?? '');
        answer(done);
      },
    },
  );
  const bind = promisify(server.bindAsync.bind(server));
  await bind(`127.0.0.1:${otlpPort}`, ServerCredentials.createInsecure());
  onTestFinished(() => server.forceShutdown());
  await reached(() => callers.size === 2);
}

/** Sends requests, because only exports tell, until the collector has heard of both services. */
function reached(isReached: () => boolean | Promise<boolean>): Promise<void> {
  return vi.waitFor(
    async () => {
      await fetch(`http://127.0.0.1:${gateway.port}/v1/search`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"beach"}',
      });
      expect(await isReached()).toBe(true);
    },
    { timeout: 60_000, interval: 200 },
  );
}

test.each([
  ['always_off', '', 'aura-gateway keeps no request: OTEL_TRACES_SAMPLER is always_off'],
  ['traceidratio', '0.0001', 'aura-gateway keeps 0.01 % of the requests'],
])('sampler: %s', async (OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, words) => {
  const sampled = await startGateway({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG });
  const { code, output } = await run(sampled, undefined, 1);
  expect(output).toContain('sampler ✗ ─ exporter ? ─ network ?');
  expect(output).toContain(`sampler: ${words}`);
  expect(code).toBe(4);
});

test('exporter: none', async () => {
  const { code, output } = await run(await startGateway({ OTEL_TRACES_EXPORTER: 'none' }));
  expect(output).toContain('sampler ✓ ─ exporter ✗ ─ network ?');
  expect(output).toContain('exporter: aura-gateway sends no traces: OTEL_TRACES_EXPORTER is none');
  expect(code).toBe(5);
});

test('exporter: the SDK is disabled', async () => {
  const { code, output } = await run(await startGateway({ OTEL_SDK_DISABLED: 'true' }));
  expect(output).toContain('exporter: aura-gateway makes no spans: OTEL_SDK_DISABLED is set');
  expect(code).toBe(5);
});

test('exporter: an endpoint without a scheme, so that TLS is spoken', async () => {
  const at = { OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${otlpPort}` };
  const { code, output } = await run(await startGateway(at));
  expect(output).toContain('exporter: aura-gateway cannot send as it is configured');
  expect(code).toBe(5);
});

test('network: nobody listens at the port', async () => {
  const { code, output } = await run(gateway);
  expect(output).toContain('exporter ✓ ─ network ✗ ─ collector ?');
  expect(output).toMatch(/network: aura-\w+ gets no answer .* \(UNAVAILABLE, ECONNREFUSED\)/);
  expect(code).toBe(6);
});

describe('collector', () => {
  test.each(['UNAVAILABLE', 'PERMISSION_DENIED'] as const)('it answers %s', async (name) => {
    await collect((done) => done({ code: status[name], details: 'geheim' }));
    const { code, output } = await run(gateway);
    expect(output).toContain('network ✓ ─ collector ✗ ─ storage ?');
    expect(output).toMatch(new RegExp(`collector: aura-\\w+ reaches .* refuses: .* \\(${name}\\)`));
    expect(output).not.toContain('geheim');
    expect(code).toBe(7);
  });

  test('it takes the call and refuses spans', async () => {
    await collect((done) => done(null, Buffer.from([0x0a, 0x02, 0x08, 0x01])));
    const { code, output } = await run(gateway);
    expect(output).toContain('(PARTIAL_SUCCESS)');
    expect(code).toBe(7);
  });
});

describe('storage', () => {
  let other: TraceReceiver;
  beforeAll(async () => {
    other = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  });
  afterAll(() => other.close());

  test('the collector takes the spans, and Jaeger has none of them or is not there', async () => {
    await collect((done) => done(null, Buffer.alloc(0)));
    const [lost, away] = await Promise.all([
      run(gateway, other.queryUrl, 3),
      run(gateway, undefined, 3),
    ]);
    expect(lost.output).toContain('collector ✓ ─ storage ✗');
    expect(lost.output).toContain(
      `storage: the collector took the spans, and ${other.queryUrl} does not have the trace`,
    );
    expect(away.output).toContain(
      `${nobody()} does not answer as Jaeger's API does: connect ECONNREFUSED`,
    );
    expect([lost.code, away.code]).toEqual([8, 8]);
  });
});

describe('what /health says', () => {
  const well = {
    sampler: 'parentbased_always_off',
    sampled_share: 0,
    traces: {
      exporter: 'otlp',
      last_failure_at: '2026-11-26T10:00:00.000Z',
      failing: { link: 'network', error_type: 'UNAVAILABLE' },
    },
  } as const;
  const later = '2026-11-26T10:00:01.000Z';
  const at = (ofCore: object) =>
    brokenLink({ timestamp: later, telemetry: { core: { ...well, ...ofCore } } }, later);

  test('of failures before the request is about other traces', () => {
    expect(at({})).toBeUndefined();
    const now = { ...well.traces, last_failure_at: '2026-11-26T10:00:02.000Z' };
    expect(at({ traces: now })).toMatchObject({ link: 'network' });
  });

  test('of the sampler of core counts where it does not do as the gateway says', () => {
    expect(at({ sampler: 'always_off' })).toMatchObject({
      link: 'sampler',
      why: expect.stringMatching(/^aura-core keeps no request/),
    });
  });
});

test('nothing is broken any more: the failures before are not taken for new ones', async () => {
  const receiver = await startTraceReceiver({ otlpPort, queryPort: 0 });
  onTestFinished(() => receiver.close());
  await reached(async () => {
    const { data }: any = await (await fetch(`${receiver.queryUrl}/api/services`)).json();
    return data.length === 2;
  });
  const { code, output } = await run(gateway, receiver.queryUrl);
  expect(output).toContain('All checks passed.');
  expect(code).toBe(0);
  const health: any = await (await fetch(`http://127.0.0.1:${gateway.port}/health`)).json();
  const { traces } = health.telemetry.gateway;
  expect([health.telemetry.gateway.status, traces.failing]).toEqual(['ok', undefined]);
  expect(traces.exports_failed).toBeGreaterThan(0);
  expect(traces.lost).toBeGreaterThan(0);
  expect(JSON.stringify(health)).not.toMatch(new RegExp(`geheim|127\\.0\\.0\\.1|${otlpPort}`));
});
