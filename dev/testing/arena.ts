/** Runs both services as processes, with a proxy before each thing that may fail. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestDatabase } from '../../core-service/test/core-harness.ts';
import { addItem, startDatabase } from '../../core-service/test/core-harness.ts';
import type { FaultProxy } from '../faults/fault-proxy.ts';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import type { Service } from './service.ts';
import { startService } from './service.ts';

/** The gateway's deadline in milliseconds, longer than the model's budget; a later answer is a 504. */
export const REQUEST_TIMEOUT_MS = 4_000;
/** Connections of core's pool; more requests at once wait for one. */
const POOL = 5;

/** What came back for a request: a status, or the error in its place. */
export interface Answer {
  readonly status: number | string;
  readonly body: any;
  readonly headers: Headers;
}

export interface Arena {
  readonly database: TestDatabase;
  readonly databaseProxy: FaultProxy;
  readonly modelProxy: FaultProxy;
  readonly collectorProxy: FaultProxy;
  core(): Service;
  gateway(): Service;
  /** Starts another core at the address of the one that ended. */
  restartCore(): Promise<void>;
  restartGateway(): Promise<void>;
  setModelFault(fault: string): Promise<void>;
  modelCalls(): Promise<number>;
  post(path: string, body: object | string, options?: PostOptions): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** @returns how many rows of each table belong to this agent */
  holds(agent: string): Promise<Holds>;
  stop(): Promise<void>;
}

interface PostOptions {
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Holds {
  readonly sessions: number;
  readonly rounds: number;
  readonly reservations: number;
  readonly keys: number;
}

/** @param more variables of each service beside those that every arena has */
export async function startArena(
  more: { readonly core?: NodeJS.ProcessEnv; readonly gateway?: NodeJS.ProcessEnv } = {},
): Promise<Arena> {
  const database = await startDatabase();
  await addItem(database, { id: 'room', name: 'Quiet room', base: 10_000, floor: 6_000 });
  const databaseProxy = await startFaultProxyFor(database.url);
  const model = createOfflineMistral({ delayMs: 300 });
  const modelProxy = await startFaultProxyFor(await model.listen({ host: '127.0.0.1', port: 0 }));
  // The collector takes everything and says nothing, because these tests look at answers only.
  const sink = createServer((socket) => socket.on('error', () => undefined).resume());
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const collector = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  const collectorProxy = await startFaultProxyFor(collector);

  const shared = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorProxy.through(collector),
    OTEL_BSP_SCHEDULE_DELAY: '100',
    SHUTDOWN_GRACE_MS: '5000',
  };
  const startCore = (port: number): Promise<Service> =>
    startService('core-service', {
      ...shared,
      GRPC_PORT: String(port),
      DATABASE_URL: databaseProxy.through(database.url),
      DATABASE_POOL_SIZE: String(POOL),
      PRICING_SECRET: 'the same secret in each test',
      MISTRAL_API_KEY: 'any',
      MISTRAL_SERVER_URL: modelProxy.through('http://localhost/').slice(0, -1),
      MISTRAL_EMBED_MODEL: 'none',
      ...more.core,
    });
  const startGateway = (): Promise<Service> =>
    startService('api-gateway', {
      ...shared,
      HTTP_PORT: '0',
      CORE_SERVICE_HOST: `127.0.0.1:${core.port}`,
      REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS),
      ...more.gateway,
    });
  let core = await startCore(0);
  let gateway = await startGateway();

  async function send(path: string, init: RequestInit): Promise<Answer> {
    try {
      const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, init);
      const body: any = await response.json().catch(() => undefined);
      return { status: response.status, body, headers: response.headers };
    } catch (error) {
      const { cause = error } = error as { cause?: unknown };
      const { code, name } = cause as { code?: unknown; name: string };
      const status = typeof code === 'string' ? code : name;
      return { status, body: undefined, headers: new Headers() };
    }
  }
  return {
    database,
    databaseProxy,
    modelProxy,
    collectorProxy,
    core: () => core,
    gateway: () => gateway,
    restartCore: async () => void (core = await startCore(core.port)),
    restartGateway: async () => void (gateway = await startGateway()),
    setModelFault: async (fault) => {
      await model.inject({ method: 'PUT', url: '/__fault', payload: { fault } });
      await model.inject({ method: 'DELETE', url: '/__requests' });
    },
    modelCalls: async () => (await model.inject('/__requests')).json().requests.length,
    post: (path, body, { key, signal, headers } = {}) =>
      send(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key !== undefined && { 'idempotency-key': key }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        signal: signal ?? null,
      }),
    get: (path) => send(path, {}),
    holds: async (agent) => {
      const [row] = await database.query(
        `select (select count(*)::int from negotiation_sessions where agent_did = $1) sessions,
           (select count(*)::int from negotiation_rounds r join negotiation_sessions s
              on s.id = r.session_id where s.agent_did = $1) rounds,
           (select count(*)::int from reservations where agent_did = $1) reservations,
           (select count(*)::int from idempotency_keys where agent_did = $1) keys`,
        [agent],
      );
      return row;
    },
    stop: async () => {
      await gateway.stop();
      await core.stop();
      for (const proxy of [databaseProxy, modelProxy, collectorProxy]) await proxy.close();
      await model.close();
      sink.close();
      await database.close();
    },
  };
}
