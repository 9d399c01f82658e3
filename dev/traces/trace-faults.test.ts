/** A request leaves a whole trace also when the model, the database, core or its client fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EmbeddedPostgres } from '../local-stack/embedded-postgres.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { FaultProxy } from '../faults/fault-proxy.ts';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import { INSTRUMENTATIONS } from '../testing/instrumentations.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import { sendTraced } from '../testing/traced.ts';
import type { ExpectedSpan } from './trace-contract.ts';
import { trees } from './trace-contract.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';

describe.each(INSTRUMENTATIONS)('with the %s instrumentation', (instrumentation) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-trace-faults-'));
  let receiver: TraceReceiver;
  let database: EmbeddedPostgres;
  let proxy: FaultProxy;
  let model: FastifyInstance;
  let stack: Stack;

  beforeAll(async () => {
    receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
    database = await startTestPostgres();
    proxy = await startFaultProxyFor(database.url);
    model = createOfflineMistral();
    stack = await startStack({
      DATA_DIR: dataDir,
      DATABASE_URL: proxy.through(database.url),
      DATABASE_POOL_SIZE: '1',
      MISTRAL_API_KEY: 'key',
      MISTRAL_SERVER_URL: await model.listen({ port: 0, host: '127.0.0.1' }),
      // The deadline is shorter than the model's budget of three seconds, so that one that hangs runs into it.
      REQUEST_TIMEOUT_MS: '2500',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      TRACE_INSTRUMENTATION: instrumentation,
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await model?.close();
    await proxy?.close();
    await database?.close();
    await receiver?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };

  function traced(path: string, body: object, expected: ExpectedSpan, options = {}) {
    const urls = { gatewayUrl: stack.url, queryUrl: receiver.queryUrl };
    return sendTraced({ ...urls, path, body, expected, ...options });
  }

  async function setFault(fault: string): Promise<void> {
    const response = await model.inject({ method: 'PUT', url: '/__fault', payload: { fault } });
    expect(response.statusCode).toBe(200);
  }

  const wish = { query: 'a place by the sea' };
  const cases = [
    ['negotiation', '/v1/negotiate', bid, trees.negotiateDeadline, trees.negotiateClientGone],
    ['search', '/v1/search', wish, trees.searchDeadline, trees.searchClientGone],
  ] as const;

  /** @returns the body with a query that was not asked before, because else its vector would be known */
  const anew = <T extends object>(body: T, query: string): T =>
    'query' in body ? { ...body, query } : body;

  test('the vendor is called from within the embeddings span', async () => {
    const { answer } = await traced('/v1/search', wish, trees.searchByMistral);
    expect(answer.results).toHaveLength(3);
  });

  test('a failing model: the policy answers, and what the vendor said of it is nowhere', async () => {
    await setFault('500');
    const { status, trace } = await traced('/v1/negotiate', bid, trees.negotiateFallback);
    expect(status).toBe(200);
    expect(JSON.stringify(trace)).not.toContain('Service error');
  });

  test('a failing embedder: words are compared', async () => {
    await setFault('500');
    const { answer } = await traced('/v1/search', { query: 'beach' }, trees.searchFallback);
    expect(answer.results).toHaveLength(3);
  });

  test('a query that was asked before is not embedded again', async () => {
    await setFault('none');
    await traced('/v1/search', { query: 'sand' }, trees.searchByMistral);
    const { status } = await traced('/v1/search', { query: 'sand' }, trees.searchCached);
    expect(status).toBe(200);
  });

  test.each(cases)('the deadline passes during a %s', async (name, path, body, expected) => {
    await setFault('hanging');
    const { status } = await traced(path, anew(body, `late ${name}`), expected, { cutOff: true });
    expect(status).toBe(504);
  });

  test.each(cases)(
    'the client goes away during a %s',
    async (name, path, body, _late, expected) => {
      await model.inject({ method: 'DELETE', url: '/__requests' });
      await setFault('hanging');
      const leaving = new AbortController();
      const gone = traced(path, anew(body, name), expected, { signal: leaving.signal });
      await vi.waitFor(async () => {
        const seen = await model.inject('/__requests');
        expect(seen.json().requests).toHaveLength(1);
      }, 30_000);
      leaving.abort();
      expect((await gone).status).toBeUndefined();
    },
  );

  test('a model that keeps failing is left alone, and the span and /health say so', async () => {
    await setFault('500');
    await vi.waitFor(async () => {
      await fetch(`${stack.url}/v1/negotiate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bid),
      });
      expect(stack.output()).toContain('llm_circuit_opened');
    }, 30_000);
    await traced('/v1/negotiate', bid, trees.negotiateCircuitOpen);
    await vi.waitFor(async () => {
      const health: any = await (await fetch(`${stack.url}/health`)).json();
      expect(health).toMatchObject({ status: 'degraded', checks: { model: 'unavailable' } });
    }, 30_000);
  });

  describe('without a model', () => {
    let core: Service;
    let gateway: Service;
    /** A gateway that may have one request under way. */
    let narrow: Service;
    let gatewayUrl: string;

    beforeAll(async () => {
      const otel = {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
        OTEL_BSP_SCHEDULE_DELAY: '100',
        TRACE_INSTRUMENTATION: instrumentation,
      };
      core = await startService('core-service', {
        ...otel,
        GRPC_PORT: '0',
        DATABASE_URL: proxy.through(database.url),
        // With one connection core would take it for busy, and say so just before the deadline.
        DATABASE_POOL_SIZE: '2',
        PRICING_SECRET: 'a secret for this test',
        MAX_IN_FLIGHT: '1',
      });
      const edge = {
        ...otel,
        HTTP_PORT: '0',
        CORE_SERVICE_HOST: `127.0.0.1:${core.port}`,
        REQUEST_TIMEOUT_MS: '1500',
      };
      gateway = await startService('api-gateway', edge);
      // What is held there keeps its place for as long as a test needs it.
      const patient = { ...edge, REQUEST_TIMEOUT_MS: '60000', MAX_IN_FLIGHT: '1' };
      narrow = await startService('api-gateway', patient);
      gatewayUrl = `http://127.0.0.1:${gateway.port}`;
      await traced('/v1/negotiate', bid, trees.negotiateByPolicy, { gatewayUrl });
    });
    afterAll(async () => {
      await narrow?.stop();
      await gateway?.stop();
      await core?.stop();
    });
    afterEach(() => proxy.set('none'));

    test('the deadline passes while the database is asked', async () => {
      await proxy.set('black_hole');
      const late = traced('/v1/negotiate', bid, trees.policyDeadline, { gatewayUrl, cutOff: true });
      await logged(gateway, 'request_completed', 504);
      await proxy.set('none');
      expect((await late).status).toBe(504);
    });

    test('the client goes away while the database is asked', async () => {
      await proxy.set('black_hole');
      const leaving = new AbortController();
      const options = { gatewayUrl, signal: leaving.signal };
      const received = gateway.lines.length;
      const gone = traced('/v1/negotiate', bid, trees.policyClientGone, options);
      await vi.waitFor(() => expect(gateway.lines.length).toBeGreaterThan(received), 30_000);
      leaving.abort();
      await logged(gateway, 'request_cancelled');
      await proxy.set('none');
      expect((await gone).status).toBeUndefined();
    });

    test('more than core, and more than the gateway, may have under way', async () => {
      await proxy.set('black_hole');
      const url = `http://127.0.0.1:${narrow.port}`;
      const received = narrow.lines.length;
      const held = fetch(`${url}/v1/negotiate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bid),
      });
      await vi.waitFor(() => expect(narrow.lines.length).toBeGreaterThan(received), 30_000);
      const second = await traced('/v1/negotiate', bid, trees.overloaded, { gatewayUrl: url });
      const third = await traced('/v1/negotiate', bid, trees.overloadedCore, { gatewayUrl });
      expect([second.status, third.status]).toEqual([503, 503]);
      await proxy.set('none');
      await held;
    });

    function logged(service: Service, event: string, status?: number): Promise<void> {
      return vi.waitFor(
        () => {
          const fits = (line: Readonly<Record<string, unknown>>): boolean =>
            line['event'] === event && (status === undefined || line['status_code'] === status);
          expect(service.lines.some(fits)).toBe(true);
        },
        { timeout: 30_000 },
      );
    }
  });

  test('Postgres is down', async () => {
    await setFault('none');
    await proxy.set('refuse');
    // Before core notices, it may still send a statement on a connection that is being closed.
    await vi.waitFor(
      async () => expect((await fetch(`${stack.url}/readyz`)).status).toBe(503),
      20_000,
    );
    const negotiation = await traced('/v1/negotiate', bid, trees.negotiateDatabaseDown);
    const search = await traced('/v1/search', { query: 'beach' }, trees.searchDatabaseDown);
    expect([negotiation.status, search.status]).toEqual([503, 503]);
    await proxy.set('none');
  });

  test('core is down', async () => {
    const lone = await startService('api-gateway', {
      HTTP_PORT: '0',
      CORE_SERVICE_HOST: '127.0.0.1:1',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      TRACE_INSTRUMENTATION: instrumentation,
    });
    onTestFinished(() => lone.kill());
    const urls = { gatewayUrl: `http://127.0.0.1:${lone.port}` };
    const negotiation = await traced('/v1/negotiate', bid, trees.negotiateCoreDown, urls);
    const search = await traced('/v1/search', { query: 'beach' }, trees.searchCoreDown, urls);
    expect([negotiation.status, search.status]).toEqual([503, 503]);
  });
});
