/**
 * These tests start both services as production does: every instrumentation has patched what it is
 * for, and neither a request nor the shutdown feels what a collector does.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ANSWER_TOOL, SYSTEM_PROMPT } from '../../core-service/src/negotiation/ask-model.ts';
import { INSTRUMENTATIONS } from '../testing/instrumentations.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import { checkTrace } from './check-trace.ts';
import type { EmbeddedPostgres } from '../local-stack/embedded-postgres.ts';
import { startTestPostgres } from '../testing/database.ts';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import { trees } from './trace-contract.ts';
import type { JaegerTrace } from '../trace-receiver/jaeger-json.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import { spanForest, tagsOf } from '../trace-receiver/tree.ts';

const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };
/** The delay of a batch is an hour, so that no span is sent before the shutdown. */
const KEEP_QUEUED = { OTEL_BSP_SCHEDULE_DELAY: '3600000' };

const model = createOfflineMistral();
let database: EmbeddedPostgres;
let receiver: TraceReceiver;
let modelEnv: NodeJS.ProcessEnv;
/** The results of a search with a collector, which must be the same without one. */
let results: unknown;

beforeAll(async () => {
  database = await startTestPostgres({ seeded: true });
  const url = await model.listen({ host: '127.0.0.1', port: 0 });
  receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  modelEnv = { MISTRAL_API_KEY: 'any', MISTRAL_SERVER_URL: url, MISTRAL_EMBED_MODEL: 'none' };
});
afterAll(async () => {
  await receiver?.close();
  await model.close();
  await database?.close();
});

const running: Service[] = [];
afterEach(() => {
  for (const service of running.splice(0)) service.kill();
});

async function startPair(env: NodeJS.ProcessEnv) {
  const common = { SHUTDOWN_GRACE_MS: '30000', ...env };
  const core = await startService('core-service', {
    GRPC_PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '1',
    PRICING_SECRET: 'the same secret in each test',
    ...common,
  });
  running.push(core);
  const target = `127.0.0.1:${core.port}`;
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: target,
    ...common,
  });
  running.push(gateway);

  async function post(path: string, body: object) {
    const traceId = randomBytes(16).toString('hex');
    const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': traceId,
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      },
      body: JSON.stringify(body),
    });
    return { traceId, status: response.status, body: (await response.json()) as any };
  }
  return {
    core,
    gateway,
    search: () => post('/v1/search', { query: 'beach' }),
    negotiate: () => post('/v1/negotiate', bid),
    /** Stops the gateway first, as a deployment does. @returns both exit codes */
    stop: async () => [await gateway.stop(), await core.stop()],
  };
}

async function fetchTrace(traceId: string): Promise<JaegerTrace> {
  const response = await fetch(`${receiver.queryUrl}/api/traces/${traceId}`);
  const { data } = (await response.json()) as { data: [JaegerTrace] | null };
  return data?.[0] ?? { traceID: traceId, spans: [], processes: {} };
}

const traces: Partial<Record<'search' | 'negotiate', JaegerTrace>> = {};
let exits: unknown;
let words: string;

/** Sends one request of each kind, and stops both services, which sends the spans. */
async function traceBoth(env: NodeJS.ProcessEnv): Promise<void> {
  const pair = await startPair(env);
  const search = await pair.search();
  const negotiation = await pair.negotiate();
  exits = await pair.stop();
  results = search.body.results;
  words = negotiation.body.data.message;
  traces.search = await fetchTrace(search.traceId);
  traces.negotiate = await fetchTrace(negotiation.traceId);
}

/** Tells who made a span, by what it is of. */
const SCOPES = {
  light: {
    http: 'aura.gateway.http',
    call: 'aura.gateway.grpc',
    server: 'aura.core.grpc',
    query: 'aura.core.pg',
  },
  stock: {
    http: '@opentelemetry/instrumentation-http',
    call: '@opentelemetry/instrumentation-grpc',
    server: '@opentelemetry/instrumentation-grpc',
    query: '@opentelemetry/instrumentation-pg',
  },
} as const;

describe.each(INSTRUMENTATIONS)(
  'with a collector and the %s instrumentation',
  (instrumentation) => {
    const otlp = (): NodeJS.ProcessEnv => ({
      ...KEEP_QUEUED,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
      TRACE_INSTRUMENTATION: instrumentation,
    });
    beforeAll(() => traceBoth({ ...otlp(), ...modelEnv }));

    test('what is queued at SIGTERM is sent, and both services end well', () => {
      expect(exits).toEqual([0, 0]);
      expect(results).toHaveLength(3);
    });

    const everywhere = [
      ['aura-gateway', SCOPES[instrumentation].http, 'server'],
      ['aura-gateway', SCOPES[instrumentation].call, 'client'],
      ['aura-core', SCOPES[instrumentation].server, 'server'],
      ['aura-core', 'aura.core', 'internal'],
      ['aura-core', SCOPES[instrumentation].query, 'client'],
    ] as const;
    const modelOnly = [
      ['aura-core', '@traceloop/instrumentation-langchain', 'client'],
      ['aura-core', '@opentelemetry/instrumentation-undici', 'client'],
    ] as const;

    test.each([
      ...everywhere.map((each) => ['search', ...each] as const),
      ...[...everywhere, ...modelOnly].map((each) => ['negotiate', ...each] as const),
    ])('the trace of a %s has the span of %s %s, %s', (request, service, scope, kind) => {
      const trace = traces[request]!;
      const found = trace.spans.map((span) => {
        const tags = tagsOf(span);
        return {
          service: trace.processes[span.processID]?.serviceName,
          scope: tags['otel.scope.name'],
          kind: tags['span.kind'],
        };
      });
      expect(found).toContainEqual({ service, scope, kind });
    });

    test.each(['search', 'negotiate'] as const)('the trace of a %s is one tree', (request) => {
      const trace = traces[request]!;
      const roots = spanForest(trace).map((root) => root.span.operationName);
      expect(roots).toEqual([`POST /v1/${request}`]);
    });

    test('LangChain makes one span, the chat', () => {
      const trace = traces.negotiate!;
      const names = trace.spans
        .filter(
          (span) => tagsOf(span)['otel.scope.name'] === '@traceloop/instrumentation-langchain',
        )
        .map((span) => span.operationName);
      expect(names).toEqual([expect.stringMatching(/^chat /)]);
    });

    test('what the model was told and what it said is in no span', () => {
      const text = JSON.stringify(traces);
      expect(text).toContain('gen_ai.usage.output_tokens');
      for (const said of [SYSTEM_PROMPT.slice(0, 30), ANSWER_TOOL, words]) {
        expect(text).not.toContain(said);
      }
      expect(text).not.toMatch(/gen_ai\.(input|output)\.messages|gen_ai\.(prompt|completion)/);
    });

    test('requests that wait for one connection keep their statements to themselves', async () => {
      const pair = await startPair(otlp());
      const answers = await Promise.all(Array.from({ length: 20 }, pair.negotiate));
      await pair.stop();
      for (const { traceId } of answers) {
        const checks = checkTrace(await fetchTrace(traceId), trees.negotiateByPolicy);
        expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      }
    });
  },
);

interface Collector {
  readonly port: number;
  close(): void;
}

async function listen(onConnection?: (socket: { destroy(): void }) => void): Promise<Collector> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    onConnection?.(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** Starts a gRPC server that knows no trace service, so that it answers UNIMPLEMENTED. */
async function refuse(): Promise<Collector> {
  const server = new Server();
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind('127.0.0.1:0', ServerCredentials.createInsecure());
  return { port, close: () => server.forceShutdown() };
}

const collectors: Readonly<Record<string, () => Promise<Collector>>> = {
  'is not there': async () => {
    const collector = await listen();
    collector.close();
    return collector;
  },
  refuses: refuse,
  'hangs up': () => listen((socket) => socket.destroy()),
  hangs: () => listen(),
};

/** Two that are as different as can be; all of them with `--mode deep`. */
const tried = Object.entries(collectors).filter(
  ([name]) => process.env['MODE'] === 'deep' || ['is not there', 'hangs'].includes(name),
);

describe.each(tried)('with a collector that %s', (_name, startCollector) => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await startCollector();
  });
  afterAll(() => collector.close());

  const endpoint = () => `http://127.0.0.1:${collector.port}`;

  async function expectUsualAnswers(pair: Awaited<ReturnType<typeof startPair>>): Promise<void> {
    expect(await pair.search()).toMatchObject({ status: 200, body: { results } });
    const { status, body } = await pair.negotiate();
    expect([status, body.status]).toEqual([200, 'countered']);
  }

  test('requests are answered as ever, and SIGTERM with spans queued ends both well', async () => {
    const pair = await startPair({ ...KEEP_QUEUED, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint() });
    await expectUsualAnswers(pair);
    expect(await pair.stop()).toEqual([0, 0]);
  });

  test('nor does an export that is under way or a full queue change that', async () => {
    const pair = await startPair({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_BSP_MAX_QUEUE_SIZE: '16',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '8',
    });
    for (let i = 0; i < 10; i++) {
      const answers = await Promise.all(Array.from({ length: 10 }, pair.search));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    }
    await expectUsualAnswers(pair);
    expect(await pair.stop()).toEqual([0, 0]);
  });
});

test('with OTEL_SDK_DISABLED both services serve, and log the request id', async () => {
  const pair = await startPair({ OTEL_SDK_DISABLED: 'true' });
  const { status, body, traceId: requestId } = await pair.search();
  expect(status).toBe(200);
  expect(body).toEqual({ results });
  expect(await pair.stop()).toEqual([0, 0]);
  const logged = { request_id: requestId };
  expect(pair.gateway.lines).toContainEqual(expect.objectContaining(logged));
  expect(pair.core.lines).toContainEqual(
    expect.objectContaining({ event: 'search_completed', ...logged }),
  );
});
