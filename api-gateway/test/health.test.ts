import { status as codes } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import type { GatewayOptions } from './gateway.ts';
import { failWith, TELEMETRY } from './fake-core.ts';
import { startGateway } from './gateway.ts';

async function start(options: GatewayOptions = {}) {
  const { app, core, logLines, close } = await startGateway(options);
  onTestFinished(close);
  const get = async (url: string) => {
    const answer = await app.inject(url);
    return { status: answer.statusCode, body: answer.json<unknown>() };
  };
  return { app, core, logLines, get };
}

/** What is told of telemetry that fares well. */
const told = {
  status: 'ok',
  sampler: 'parentbased_always_on',
  sampled_share: 1,
  traces: {
    exporter: 'otlp',
    last_export_at: '2026-11-22T16:38:16.000Z',
    exports_failed: 0,
    lost: 0,
  },
  metrics: { exporter: 'prometheus' },
};
const FAILING = {
  ...TELEMETRY,
  signals: TELEMETRY.signals.map((each) =>
    each.signal !== 'traces'
      ? each
      : {
          ...each,
          lastFailureTimestampMs: each.lastExportTimestampMs + 1_000,
          exportsFailed: 3,
          itemsLost: 30,
          failedLink: 'network',
          errorType: 'UNAVAILABLE',
          errorCode: 'ECONNREFUSED',
        },
  ),
};

const ready = { status: 'ready', dependencies: { core_service: 'ok' } };

test('all is well', async () => {
  const { get } = await start();
  expect(await get('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await get('/readyz')).toEqual({ status: 200, body: ready });
  expect(await get('/health')).toEqual({
    status: 200,
    body: {
      status: 'healthy',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      checks: { core_service: 'ok', telemetry: 'ok' },
      telemetry: { gateway: told, core: told },
    },
  });
});

test('a part of core is unwell: degraded, but ready', async () => {
  const { core, get } = await start();
  core.health.setStatus('database', 'SERVING');
  core.health.setStatus('model', 'NOT_SERVING');
  // Names with dots are gRPC services, not parts of core.
  core.health.setStatus('aura.negotiation.v1.NegotiationService', 'NOT_SERVING');
  const { body } = await get('/health');
  expect(body).toMatchObject({ status: 'degraded' });
  const checks = { core_service: 'ok', database: 'ok', model: 'unavailable', telemetry: 'ok' };
  expect(body).toHaveProperty('checks', checks);
  expect((await get('/readyz')).status).toBe(200);
});

test.each(['the gateway', 'core'])(
  'traces of %s do not arrive: degraded, but ready',
  async (whose) => {
    const { core, get } = await start(whose === 'core' ? {} : { telemetry: FAILING });
    if (whose === 'core') core.telemetry = () => FAILING;
    core.health.setStatus('telemetry', whose === 'core' ? 'NOT_SERVING' : 'SERVING');
    const { body } = await get('/health');
    const checks = { core_service: 'ok', telemetry: 'degraded' };
    expect(body).toMatchObject({ status: 'degraded', checks });
    const failing = {
      ...told,
      status: 'degraded',
      traces: {
        exporter: 'otlp',
        last_export_at: '2026-11-22T16:38:16.000Z',
        last_failure_at: '2026-11-22T16:38:17.000Z',
        exports_failed: 3,
        lost: 30,
        failing: { link: 'network', error_type: 'UNAVAILABLE', error_code: 'ECONNREFUSED' },
      },
    };
    const telemetry = whose === 'core' ? { gateway: told, core: failing } : { gateway: failing };
    expect(body).toMatchObject({ telemetry });
    expect((await get('/readyz')).status).toBe(200);
  },
);

test('a core of the last release, which tells nothing of its telemetry, is well without', async () => {
  const { core, get } = await start();
  core.telemetry = failWith(codes.UNIMPLEMENTED, 'unknown method');
  const { body } = await get('/health');
  expect(body).toMatchObject({ status: 'healthy' });
  expect(body).toHaveProperty('telemetry', { gateway: told });
});

test('no traces are sent: telemetry is off, and nothing is degraded for that', async () => {
  const [traces] = TELEMETRY.signals;
  const off = { ...TELEMETRY, sampledShare: 0.1, signals: [{ ...traces!, exporter: 'none' }] };
  const { get } = await start({ telemetry: off });
  expect((await get('/health')).body).toMatchObject({
    status: 'healthy',
    telemetry: { gateway: { status: 'off', sampled_share: 0.1, traces: { exporter: 'none' } } },
  });
});

test('the inventory belongs to another embedder: ready, and said', async () => {
  const { core, get } = await start();
  core.health.setStatus('database', 'SERVING');
  core.health.setStatus('search_index', 'NOT_SERVING');
  expect(await get('/readyz')).toEqual({
    status: 200,
    body: {
      status: 'ready',
      dependencies: { core_service: 'ok', search_index: 'reindex_required' },
    },
  });
  const checks = { core_service: 'ok', database: 'ok', search_index: 'reindex_required' };
  expect((await get('/health')).body).toMatchObject({ status: 'degraded', checks });
  // Nobody knows it of a database that does not answer.
  core.health.setStatus('database', 'NOT_SERVING');
  const { body } = await get('/health');
  expect(body).toMatchObject({ checks: { search_index: 'unavailable' } });
});

test('core is there but its database is not: not ready, and the database is named', async () => {
  const { core, get } = await start();
  core.health.setStatus('', 'NOT_SERVING');
  core.health.setStatus('database', 'NOT_SERVING');
  const dependencies = { core_service: 'ok', database: 'unavailable' };
  expect(await get('/readyz')).toEqual({
    status: 503,
    body: { status: 'not_ready', dependencies },
  });
  const { status, body } = await get('/health');
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'degraded', checks: { database: 'unavailable' } });
});

test('core shuts down before its database: not ready, and core is named', async () => {
  const { core, get } = await start();
  core.health.setStatus('', 'NOT_SERVING');
  core.health.setStatus('database', 'SERVING');
  const dependencies = { core_service: 'unavailable' };
  expect(await get('/readyz')).toEqual({
    status: 503,
    body: { status: 'not_ready', dependencies },
  });
});

test('core is down: alive, not ready, degraded', async () => {
  const { core, get } = await start();
  core.close();
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(503);
  const { status, body } = await get('/health');
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'degraded', checks: { core_service: 'unavailable' } });
});

test('draining: not ready, while requests are still answered', async () => {
  let isDraining = false;
  const { app, get } = await start({ isDraining: () => isDraining });
  expect((await get('/readyz')).status).toBe(200);
  isDraining = true;
  expect(await get('/readyz')).toEqual({ status: 503, body: { ...ready, status: 'not_ready' } });
  expect((await get('/healthz')).status).toBe(200);
  const search = { method: 'POST', url: '/v1/search', payload: { query: 'a' } } as const;
  expect((await app.inject(search)).statusCode).toBe(200);
});

test('probes leave no line in the log', async () => {
  const { get, logLines } = await start();
  for (const url of ['/healthz', '/readyz', '/health']) await get(url);
  expect(logLines()).toEqual([]);
});
