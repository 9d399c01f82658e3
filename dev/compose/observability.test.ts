/** The profile `observability` of compose.yml on a real engine, as far as Prometheus and Jaeger go. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QUERIES } from '../observability/dashboards.ts';
import { freePortPair } from '../testing/free-ports.ts';
import type { Stack } from './stack.ts';
import { describeStack, isReady, until } from './stack.ts';

const JOBS = ['aura-core', 'aura-gateway', 'jaeger', 'jaeger-spanmetrics', 'prometheus'] as const;
/** Prometheus scrapes each 15 s, and a rate takes two scrapes. */
const PATIENCE_MS = 120_000;

const port = await freePortPair();
const stack: Stack = await describeStack({
  PROMETHEUS_PORT: String(port),
  COMPOSE_PROFILES: 'observability',
});

beforeAll(async () => {
  await stack.run('build');
  await stack.run('up', '--detach', 'api-gateway', 'prometheus');
  await until('ready', () => isReady(stack));
});
afterAll(async () => {
  await stack.run('down', '--volumes', '--timeout', '5');
});

/** Sends bids until a question has its answer. */
async function untilSeen(what: string, isSeen: () => Promise<boolean>): Promise<void> {
  const look = async (): Promise<boolean> => {
    await bid();
    return isSeen();
  };
  await until(what, look, PATIENCE_MS);
}

async function query(expression: string): Promise<readonly { readonly metric: any }[]> {
  const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const answer = (await (await fetch(url)).json()) as any;
  if (answer.status !== 'success') throw new Error(JSON.stringify(answer));
  return answer.data.result;
}

async function bid(): Promise<void> {
  const body = { item_id: 'hostel_beta', bid_amount: 40, agent_did: 'did:example:buyer' };
  const { status } = await fetch(`${stack.gateway}/v1/negotiate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(status).toBe(200);
}

test('everything that is configured is scraped, replicas too', async () => {
  const isThere = async (): Promise<boolean> => {
    const up = new Set((await query('up == 1').catch(() => [])).map(({ metric }) => metric.job));
    return JOBS.every((job) => up.has(job));
  };
  await until('each target is up', isThere, PATIENCE_MS);
  expect(await query('up == 0')).toEqual([]);
});

test('the log of the gateway says where the host opens it', async () => {
  expect(await stack.run('logs', '--no-log-prefix', 'api-gateway')).toContain(
    `"address":"${stack.gateway.replace('127.0.0.1', 'localhost')}"`,
  );
});

test('Jaeger tells its Monitor tab of our operations', async () => {
  const ask = async (): Promise<string> => {
    const service = 'service=aura-core&spanKind=server&groupByOperation=true';
    const times = `endTs=${Date.now()}&lookback=3600000&step=15000&ratePer=60000`;
    return (await fetch(`${stack.jaeger}/api/metrics/calls?${service}&${times}`)).text();
  };
  const operation = 'NegotiationService/Negotiate';
  await untilSeen('the calls of Negotiate', async () => (await ask()).includes(operation));
  expect(await ask()).toContain('"service_operation_call_rate"');
});

test('what the dashboards ask of Jaeger has an answer', async () => {
  const asked = QUERIES.filter(([, expression]) => expression.includes('otelcol_'));
  expect(asked.length).toBeGreaterThan(0);
  for (const [where, expression] of asked) {
    await untilSeen(where, async () => (await query(expression)).length > 0);
  }
});

test('the rules of deploy/ are loaded, and the bids are in them', async () => {
  const bids = 'aura:requests:rate5m{http_route="/v1/negotiate"} > 0';
  const failed = 'aura:unavailable:ratio_rate5m{http_route="/v1/negotiate"} == 0';
  await untilSeen('the rate of bids', async () => (await query(bids)).length > 0);
  await untilSeen('the share of failed ones', async () => (await query(failed)).length > 0);
  expect(await query('ALERTS{severity="page"}')).toEqual([]);
});
