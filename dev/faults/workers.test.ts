/** Both services as several processes behind one port each: what is shared, what dies, what drains. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { TestDatabase } from '../../core-service/test/core-harness.ts';
import { addItem, startDatabase } from '../../core-service/test/core-harness.ts';
import { freePortPair } from '../testing/free-ports.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';

const WORKERS = 2;
const bid = { item_id: 'room', bid_amount: 60, agent_did: 'did:example:buyer' };

let database: TestDatabase;
let core: Service;
let gateway: Service;
let metricsPort: number;

function coreEnv() {
  return {
    GRPC_PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '1',
    PRICING_SECRET: 'the same secret in each test',
    OTEL_TRACES_EXPORTER: 'none',
    WORKERS: String(WORKERS),
  };
}

const startGateway = (env: NodeJS.ProcessEnv = {}): Promise<Service> =>
  startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: `127.0.0.1:${core.port}`,
    OTEL_TRACES_EXPORTER: 'none',
    WORKERS: String(WORKERS),
    ...env,
  });

beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'room', base: 10_000, floor: 6_000 });
  metricsPort = await freePortPair();
  core = await startService('core-service', {
    ...coreEnv(),
    OTEL_METRICS_EXPORTER: '',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
  });
  gateway = await startGateway();
});
afterAll(async () => {
  gateway?.kill();
  core?.kill();
  await database?.close();
});

/** Sends a bid on a connection of its own. @returns the status */
async function send(port = gateway.port): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/negotiate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(bid),
  });
  await response.arrayBuffer();
  return response.status;
}

const linesOf = ({ lines }: Service, event: string) =>
  lines.filter((line) => line['event'] === event);
const workersOf = (service: Service, event: string): Set<unknown> =>
  new Set(linesOf(service, event).map(({ worker }) => worker));

async function decisions(): Promise<{ readonly worker: string; readonly count: number }[]> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const series = text.matchAll(
    /^aura_negotiation_decisions_total\{worker="(\d+)".*outcome="countered".*\} (\d+)/gm,
  );
  return [...series].map(([, worker = '', count]) => ({ worker, count: Number(count) }));
}

test('all workers answer, and one address tells the metrics of all, each once', async () => {
  const statuses = await Promise.all(Array.from({ length: 40 }, () => send()));
  expect(new Set(statuses)).toEqual(new Set([200]));
  await vi.waitFor(
    () => expect(workersOf(gateway, 'request_completed').size).toBe(WORKERS),
    30_000,
  );
  const told = await decisions();
  expect(new Set(told.map(({ worker }) => worker)).size).toBe(WORKERS);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(40);
});

test('one gateway reaches all workers of core', async () => {
  const one = await startGateway({ WORKERS: '1' });
  onTestFinished(() => one.kill());
  const before = linesOf(core, 'negotiation_countered').length;
  await Promise.all(Array.from({ length: 40 }, () => send(one.port)));
  const answered = () => linesOf(core, 'negotiation_countered').slice(before);
  await vi.waitFor(() => expect(answered()).toHaveLength(40), 30_000);
  expect(new Set(answered().map(({ worker }) => worker)).size).toBe(WORKERS);
});

test('a worker that is killed is replaced, and meanwhile the others answer', async () => {
  const [started] = linesOf(gateway, 'worker_started');
  process.kill(started?.['pid'] as number, 'SIGKILL');
  await vi.waitFor(() => expect(linesOf(gateway, 'worker_died')).toHaveLength(1), 30_000);
  expect(linesOf(gateway, 'worker_died')[0]).toMatchObject({
    level: 'error',
    worker: started?.['worker'],
    signal: 'SIGKILL',
  });
  expect(await send()).toBe(200);
  await vi.waitFor(
    () => expect(linesOf(gateway, 'worker_started')).toHaveLength(WORKERS + 1),
    30_000,
  );
});

test('at SIGTERM each worker answers what it has begun, and the whole ends with 0', async () => {
  const own = await startGateway();
  onTestFinished(() => own.kill());
  const release = await database.lock('inventory_items', 'access exclusive');
  const held = Array.from({ length: 8 }, () => send(own.port));
  const received = 'negotiate_request_received';
  await vi.waitFor(() => expect(linesOf(own, received)).toHaveLength(held.length), 30_000);
  expect(workersOf(own, received).size).toBe(WORKERS);
  const stopped = own.stop();
  await vi.waitFor(() => expect(workersOf(own, 'server_stopping').size).toBe(WORKERS + 1), 30_000);
  await release();
  expect(new Set(await Promise.all(held))).toEqual(new Set([200]));
  expect(await stopped).toBe(0);
  expect(linesOf(own, 'worker_died')).toEqual([]);
});

test.each([
  ['a port that is taken', (port: number) => ({ HTTP_PORT: String(port) })],
  ['a variable that is wrong', () => ({ REQUEST_TIMEOUT_MS: 'soon' })],
])('with %s it ends instead of trying for ever', async (_what, env) => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const taken = (other.address() as AddressInfo).port;
  await expect(startGateway(env(taken))).rejects.toThrow('api-gateway ended with 1');
});

test('core drains all its workers too', async () => {
  const own = await startService('core-service', coreEnv());
  onTestFinished(() => own.kill());
  // The lead may be heard before the lines of its workers.
  await vi.waitFor(() => expect(workersOf(own, 'worker_started').size).toBe(WORKERS), 30_000);
  expect(await own.stop()).toBe(0);
  expect(workersOf(own, 'server_stopping').size).toBe(WORKERS + 1);
});
