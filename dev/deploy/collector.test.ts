/** The collectors' configurations, run by the real collector, and what becomes of traces sent through it. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ReceivedSpan } from '../trace-receiver/otlp.ts';
import { listenForOtlp } from '../trace-receiver/otlp.ts';
import type { Collector } from './collector-process.ts';
import { readCollectorConfig, startAgentBefore, startCollector } from './collector-process.ts';
import { KUBERNETES } from './manifests.ts';
import type { MadeTrace } from './send-spans.ts';
import { sendTraces, traceIdOf } from './send-spans.ts';
import { hasTools, run } from './tools.ts';

/** Traces of each kind that must be kept, and of the ordinary ones, of which 5 % are. */
const EACH = 50;
const ORDINARY = 2_000;

const outcome = (kind: string): Record<string, string> => ({ 'aura.negotiation.outcome': kind });
const deal = (price: number, currency: string): Record<string, string | number> => ({
  ...outcome('accepted'),
  'aura.negotiation.price': price,
  'aura.negotiation.currency': currency,
});

const KEPT = {
  'an error of core below a root that is well': { isError: true },
  'a slow one': { durationMs: 1_500 },
  'a bid that waits for a person': { attributes: outcome('ui_required') },
  'a large deal in dollars': { attributes: deal(500, 'USD') },
  'a large deal with cents in euros': { attributes: deal(812.5, 'EUR') },
  'a large deal in yen': { attributes: deal(75_000, 'JPY') },
} satisfies Record<string, Omit<MadeTrace, 'traceId'>>;

const SAMPLED = {
  'a counter-offer': { attributes: outcome('countered') },
  'a small deal': { attributes: deal(499.99, 'USD') },
  'a small deal in yen': { attributes: deal(74_999, 'JPY') },
  'one that is not quite slow': { durationMs: 900 },
} satisfies Record<string, Omit<MadeTrace, 'traceId'>>;

const SECRETS = {
  session: 'sess_M6D0EMYMZc08y7qGNvvzxsfA4IhCyJhD',
  code: 'AURA-01234567-89ABCDEF-GHJKMNPQ-RSTVWXYZ',
  bearer: 'Bearer abcdef.123',
  url: 'postgres://aura:hunter2@db:5432/aura',
  card: '4111 1111 1111 1111',
  mail: 'jane.doe@example.com',
  keyed: 'nobody-may-see-this',
};

/** @param name of the kind, from which the ids are made */
function make(name: string, count: number, of: Omit<MadeTrace, 'traceId'>): MadeTrace[] {
  return Array.from({ length: count }, (_, i) => ({ traceId: traceIdOf(`${name} ${i}`), ...of }));
}

test.runIf(hasTools('collector'))(
  'the collector takes the agent’s configuration as it is',
  async () => {
    const file = join(KUBERNETES, 'components/collector/agent.yaml');
    expect(await run('collector', ['validate', `--config=${file}`])).toEqual({
      code: 0,
      output: '',
    });
    const misspelt = '--set=exporters.loadbalancing.routing_keys=traceID';
    expect((await run('collector', ['validate', `--config=${file}`, misspelt])).code).not.toBe(0);
  },
);

describe.runIf(hasTools('collector'))('traces through agent and gateway', () => {
  /** What each gateway has kept. */
  const keptBy: readonly ReceivedSpan[][] = [[], []];
  const spans = (): ReceivedSpan[] => keptBy.flat();
  const namesOf = new Map<string, string[]>();
  const sinks: Awaited<ReturnType<typeof listenForOtlp>>[] = [];
  const gateways: Collector[] = [];
  let agent: Collector | undefined;

  beforeAll(async () => {
    for (const kept of keptBy) {
      const here = { host: '127.0.0.1', port: 0 };
      const sink = await listenForOtlp(here, (got) => void kept.push(...got));
      sinks.push(sink);
      const deciding = readCollectorConfig('gateway');
      // All that is sent here is sent at once.
      (deciding.processors['tail_sampling'] as Record<string, unknown>)['decision_wait'] = '2s';
      const traces = { TRACES_ENDPOINT: `127.0.0.1:${sink.port}`, TRACES_INSECURE: 'true' };
      gateways.push(await startCollector(deciding, traces));
    }
    agent = await startAgentBefore(...gateways.map(({ port }) => port));
    const all = Object.entries({ ...KEPT, ...SAMPLED }).flatMap(([name, of]) =>
      make(name, name in KEPT ? EACH : ORDINARY / Object.keys(SAMPLED).length, of),
    );
    const told = make('secrets', 1, {
      isError: true,
      exception: `cannot reach ${SECRETS.url} for ${SECRETS.mail}`,
      attributes: {
        'aura.item.id': 'hostel_beta',
        'aura.agent.did': SECRETS.mail,
        'http.request.header.authorization': SECRETS.keyed,
        note: `${SECRETS.session} ${SECRETS.code} ${SECRETS.bearer} ${SECRETS.card}`,
      },
    });
    await sendTraces(agent.port, [...all, ...told]);
    // The last ones that are decided, by both gateways: what was sent before them has been by then.
    const last = make('last', 20, { isError: true });
    await sendTraces(agent.port, last);
    const areThere = (): boolean => {
      const ids = new Set(spans().map(({ traceId }) => traceId));
      return last.every(({ traceId }) => ids.has(traceId));
    };
    await vi.waitUntil(areThere, { timeout: 60_000 });
    await agent.stop();
    for (const each of gateways) await each.stop();
    for (const { traceId, name } of spans()) {
      namesOf.set(traceId, [...(namesOf.get(traceId) ?? []), name]);
    }
  });
  afterAll(async () => {
    await agent?.stop();
    for (const each of gateways) await each.stop();
    for (const each of sinks) each.close();
  });

  const countKept = (name: string, sent: number): number =>
    make(name, sent, {}).filter(({ traceId }) => namesOf.has(traceId)).length;

  test.each(Object.keys(KEPT))('%s is kept, each of them', (name) => {
    expect(countKept(name, EACH)).toBe(EACH);
  });

  test('5 % of the rest are kept', () => {
    const each = ORDINARY / Object.keys(SAMPLED).length;
    const kept = Object.keys(SAMPLED).map((name) => countKept(name, each));
    // Six standard deviations around a hundred; the ids are the same in each run.
    const all = kept.reduce((sum, count) => sum + count, 0);
    expect(all).toBeGreaterThan(42);
    expect(all).toBeLessThan(158);
    for (const count of kept) expect(count).toBeGreaterThan(0);
  });

  test('a trace that is kept is kept whole, once', () => {
    expect(namesOf.size).toBeGreaterThan(Object.keys(KEPT).length * EACH);
    for (const names of namesOf.values()) {
      expect(names.toSorted()).toEqual(['POST /v1/negotiate', 'negotiation.negotiate']);
    }
  });

  test('each gateway decides about a part of the traces', () => {
    const ids = keptBy.map((kept) => new Set(kept.map(({ traceId }) => traceId)));
    const sizes = ids.map(({ size }) => size / namesOf.size);
    for (const share of sizes) expect(share).toBeGreaterThan(0.2);
    expect([...(ids[0] ?? [])].filter((id) => ids[1]?.has(id))).toEqual([]);
  });

  test('nothing that is secret leaves the agent, and the rest does', () => {
    const { attributes } = spans().find(
      ({ traceId, name }) => traceId === traceIdOf('secrets 0') && name.startsWith('negotiation'),
    ) as ReceivedSpan;
    expect(attributes['aura.item.id']).toBe('hostel_beta');
    const text = JSON.stringify(spans());
    expect(text).toContain('cannot reach ');
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
    expect(text).not.toContain('hunter2');
  });
});
