/**
 * Each query of each panel, rule and alert, against a real Prometheus that scraped both services while
 * they were well and while their parts failed. They run where a Prometheus is on the PATH.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addItem } from '../../core-service/test/core-harness.ts';
import type { Arena } from '../testing/arena.ts';
import { startArena } from '../testing/arena.ts';
import { freePortPair } from '../testing/free-ports.ts';
import { mcpCall } from '../testing/mcp-call.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import type { FaultProxy } from '../faults/fault-proxy.ts';
import { QUERIES } from './dashboards.ts';
import type { Prometheus } from './prometheus.ts';
import { hasPrometheus, startPrometheus } from './prometheus.ts';

/** What only Jaeger tells of itself; the stack of compose.yml is asked for it. */
const OF_JAEGER = /otelcol_|job="jaeger"/;
/** The local embedder, which these stacks have, never fails: only a vendor's has errors to tell of. */
const OF_A_VENDOR = /gen_ai_operation_name="embeddings"/;
const GATEWAY_LIMIT = 8;

/** The gateway's; core has the next one. */
let metricsPort: number;
let arena: Arena;
let receiver: TraceReceiver;
let collector: FaultProxy;
let prometheus: Prometheus;

describe.runIf(hasPrometheus)('what Prometheus says of a stack', () => {
  beforeAll(async () => {
    receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
    collector = await startFaultProxyFor(receiver.otlpUrl);
    metricsPort = await freePortPair();
    const shared = {
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.through(receiver.otlpUrl),
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_BSP_MAX_QUEUE_SIZE: '20',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    };
    arena = await startArena({
      gateway: {
        ...shared,
        OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
        MAX_IN_FLIGHT: String(GATEWAY_LIMIT),
      },
      core: {
        ...shared,
        OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort + 1),
        MODEL_TOKENS_PER_AGENT_DAY: '400',
      },
    });
    await addItem(arena.database, { id: 'palace', name: 'Palace', base: 500_000, floor: 300_000 });
    prometheus = await startPrometheus({
      'aura-gateway': metricsPort,
      'aura-core': metricsPort + 1,
    });
    await haggle();
    await scraped();
    await haggle();
    await breakParts();
    await scraped();
    await breakParts();
    await scraped();
  }, 240_000);
  afterAll(async () => {
    await prometheus?.close();
    await arena?.stop();
    await collector?.close();
    await receiver?.close();
  });

  test.each(QUERIES.filter(([, expression]) => !OF_JAEGER.test(expression)))(
    '%s',
    async (_where, expression, labels) => {
      const samples = await prometheus.query(expression);
      expect(samples.filter(({ value }) => Number.isFinite(value))).not.toEqual([]);
      const shown = new Set(samples.flatMap(({ metric }) => Object.keys(metric)));
      const missing = labels.filter((label) => !shown.has(label));
      expect(missing).toEqual(
        OF_A_VENDOR.test(expression) && missing.length > 0 ? ['error_type'] : [],
      );
    },
  );

  test('each rule works, and each recording rule has data', async () => {
    const rules = await prometheus.rules();
    expect(rules.length).toBeGreaterThan(40);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    const recorded = rules.filter(({ type }) => type === 'recording').map(({ name }) => name);
    await expect.poll(() => withoutData(recorded)).toEqual([]);
  });

  test('what each alert compares is there', async () => {
    const alerts = (await prometheus.rules()).filter(({ type }) => type === 'alerting');
    expect(alerts.length).toBeGreaterThan(15);
    const compared = alerts.flatMap(({ query }) => comparedIn(query));
    const ours = compared.filter((expression) => !OF_JAEGER.test(expression));
    // Some look back in steps of 15 s, which Prometheus counts from 1970: one has to come.
    await expect.poll(() => withoutData(ours)).toEqual([]);
  });

  test('an SRE reads from it what happened', async () => {
    const one = async (expression: string): Promise<number> =>
      (await prometheus.query(expression))[0]?.value ?? Number.NaN;
    expect(await one('aura:unavailable:ratio_rate1h{http_route="/v1/negotiate"}')).toBeGreaterThan(
      0,
    );
    expect(await one('sum(aura:spans_lost:rate5m)')).toBeGreaterThan(0);
    expect(await one('sum(aura:model_cost:usd_per_hour)')).toBeGreaterThan(0);
    expect(await one('max(aura_negotiation_endings{aura_negotiation_ending="deal"})')).toBe(2);
    expect(await one('max(aura_deals_waiting)')).toBe(2);
    expect(await one('sum(aura_negotiation_deal_amount_sum)')).toBe(200);
  });
});

/** One of each kind of request, all of them well. */
async function haggle(): Promise<void> {
  const by = `did:example:${crypto.randomUUID()}`;
  const bid = { item_id: 'room', agent_did: by };
  const first = await arena.post('/v1/negotiate', { ...bid, bid_amount: 80 });
  const { session_token } = first.body;
  await arena.post('/v1/negotiate', { ...bid, bid_amount: 85, session_token });
  for (const key of ['a', 'a']) {
    await arena.post('/v1/negotiate', { ...bid, bid_amount: 100 }, { key: `${by}-${key}` });
  }
  await arena.post('/v1/negotiate', { ...bid, item_id: 'palace', bid_amount: 5_000 });
  await arena.post('/v1/negotiate', { ...bid, item_id: 'nothing', bid_amount: 5 });
  await arena.post('/v1/search', { query: 'quiet room' });
  await arena.post('/v1/search', { query: 'quiet room', filters: { currency: 'JPY' } });
  await searchOverMcp();
}

async function searchOverMcp(): Promise<void> {
  const { body, headers } = mcpCall('search_items', { query: 'room' });
  await arena.post('/mcp', body, { headers });
}

/** The model fails until it is left alone, more comes than is let in, and then nothing answers any more. */
async function breakParts(): Promise<void> {
  const bidOf = (i: number) => ({ item_id: 'room', agent_did: `did:example:${i}`, bid_amount: 50 });
  await arena.setModelFault('500');
  for (let i = 0; i < 6; i++) await arena.post('/v1/negotiate', bidOf(i));
  await collector.set('black_hole');
  await Promise.all(
    Array.from({ length: 6 * GATEWAY_LIMIT }, (_, i) => arena.post('/v1/negotiate', bidOf(i))),
  );
  await arena.databaseProxy.set('black_hole');
  const cut = arena.post('/v1/search', { query: 'a room that is quiet' });
  await vi.waitFor(async () => expect(await usedConnections()).toBeGreaterThan(0), 10_000);
  await arena.databaseProxy.set('reset');
  await cut;
  await arena.databaseProxy.set('refuse');
  const refused = await arena.post('/v1/negotiate', bidOf(0));
  expect(refused.status).toBe(503);
  await searchOverMcp();
  await vi.waitFor(
    async () => expect(await prometheus.query('sum(aura:spans_lost:rate5m) > 0')).toHaveLength(1),
    { timeout: 30_000, interval: 500 },
  );
  await collector.set('none');
  await arena.databaseProxy.set('none');
  await arena.setModelFault('none');
  await vi.waitFor(
    async () => expect((await arena.post('/v1/search', { query: 'room' })).status).toBe(200),
    { timeout: 30_000, interval: 500 },
  );
}

/** @returns the expressions that Prometheus has no answer to */
async function withoutData(expressions: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(expressions.map((each) => prometheus.query(each)));
  return expressions.filter((_, i) => answers[i]?.length === 0);
}

/** Connections of core's pool that are in use, as core tells itself. */
async function usedConnections(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort + 1}/metrics`)).text();
  return Number(/db_client_connection_count\{.*state="used".*\} (\d+)/.exec(text)?.[1]);
}

/** Waits until Prometheus has scraped both services again, and has evaluated its rules on it. */
async function scraped(): Promise<void> {
  const since = Date.now() / 1_000 + 2;
  await vi.waitFor(
    async () => {
      const times = await prometheus.query('timestamp(up) or timestamp(aura:calls:rate5m)');
      expect(times.length).toBeGreaterThan(2);
      for (const { value } of times) expect(value).toBeGreaterThan(since);
    },
    { timeout: 30_000, interval: 500 },
  );
}

/** The left sides of the comparisons of an alert, which have data whether it fires or not. */
function comparedIn(query: string): string[] {
  return query
    .split(/\b(?:or|and)\b(?! 0 \*)/)
    .map((part) => part.replace(/\s(?:>|>=|==|<)\s[-\d.e*\s]+\)?\s*$/, '').trim())
    .map((part) => (part.startsWith('(') && !part.endsWith(')') ? part.slice(1) : part))
    .filter((part) => part !== '' && !part.startsWith('absent('));
}
