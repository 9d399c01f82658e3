/** The checks find what is planted, and what they check against is what was published. */
import { describe, expect, test } from 'vitest';
import { readRegistry } from '../../proto/telemetry-registry.ts';
import { checkAll } from './check.ts';
import { publishedDeprecations, publishedNames } from './published.ts';
import { readConventions } from './registry.ts';
import { judge, scoreOf } from './score.ts';
import type { LogSeen, MetricSeen, Signals, SpanSeen, Typed } from './signals.ts';

const conventions = readConventions();
const registries = { conventions, ours: readRegistry() };

const string = (value: string): Typed => ({ type: 'string', value });
const int = (value: number): Typed => ({ type: 'int', value });
const sender = {
  service: 'aura-core',
  resource: {
    'service.name': string('aura-core'),
    'service.instance.id': string('one'),
    'process.pid': int(1),
    'process.runtime.version': string('24.21.0'),
  },
};
const root: SpanSeen = {
  ...sender,
  scope: 'aura.core.grpc',
  traceId: 'a',
  spanId: '1',
  parentSpanId: undefined,
  name: 'NegotiationService/Search',
  kind: 'server',
  durationMs: 10,
  isError: false,
  attributes: {
    'rpc.system.name': string('grpc'),
    'rpc.method': string('aura.negotiation.v1.NegotiationService/Search'),
    'rpc.status_code': string('OK'),
  },
  events: [],
};
const statement: SpanSeen = {
  ...root,
  spanId: '2',
  parentSpanId: '1',
  name: 'SELECT inventory_items',
  kind: 'client',
  attributes: {
    'db.system.name': string('postgresql'),
    'server.address': string('127.0.0.1'),
    'server.port': int(5432),
  },
};
const metric: MetricSeen = {
  ...sender,
  scope: 'aura.core',
  name: 'db.client.operation.duration',
  unit: 's',
  instrument: 'histogram',
  points: [{ attributes: { 'db.system.name': string('postgresql') }, bounds: [1, 2] }],
};
const log: LogSeen = {
  ...sender,
  severityNumber: 9,
  severityText: 'info',
  eventName: 'search_completed',
};
const sound: Signals = { spans: [root, statement], metrics: [metric], logs: [log] };

const withSpan = (change: Partial<SpanSeen>): Signals => ({
  ...sound,
  spans: [root, { ...statement, ...change }],
});
const withAttribute = (name: string, value: Typed): Signals =>
  withSpan({ attributes: { ...statement.attributes, [name]: value } });
const withoutAttribute = (name: string): Signals =>
  withSpan({
    attributes: Object.fromEntries(
      Object.entries(statement.attributes).filter(([key]) => key !== name),
    ),
  });
const withMetric = (change: Partial<MetricSeen>): Signals => ({
  ...sound,
  metrics: [metric, { ...metric, ...change }],
});

const findingsOf = (signals: Signals, exceptions = {}) =>
  checkAll(registries, signals, exceptions).findings.map(({ what }) => what);

describe('the registries', () => {
  test('what is sound has no finding', () => {
    expect(findingsOf(sound)).toEqual([]);
  });

  test.each([
    [
      'a deprecated attribute',
      withAttribute('db.system', string('postgresql')),
      'deprecated attribute db.system',
    ],
    [
      'an unknown one',
      withAttribute('db.sytem.name', string('x')),
      'unknown attribute db.sytem.name',
    ],
    [
      'one of ours that there is not',
      withAttribute('aura.floor', int(1)),
      'unknown attribute aura.floor',
    ],
    [
      'a wrong type',
      withAttribute('server.port', string('5432')),
      'attribute server.port is string, not int',
    ],
    [
      'a wrong type of ours',
      withAttribute('aura.negotiation.round', string('1')),
      'attribute aura.negotiation.round is string, not int',
    ],
    [
      'a wrong type in a family of names',
      withAttribute('http.request.header.accept', string('x')),
      'attribute http.request.header.accept is string, not string[]',
    ],
    [
      'an unknown label',
      withMetric({
        points: [
          { attributes: { ...metric.points[0]?.attributes, agent: string('x') }, bounds: [] },
        ],
      }),
      'unknown attribute agent',
    ],
    [
      'a required attribute that is missing',
      withoutAttribute('db.system.name'),
      'span SELECT inventory_items is in no registry',
    ],
    [
      'one that is required with another',
      withoutAttribute('server.port'),
      'span.db.client without server.port',
    ],
    [
      'a failure without its type',
      withSpan({ isError: true }),
      'span.db.client without error.type',
    ],
    [
      'a required attribute of ours that is missing',
      withSpan({ name: 'negotiation.negotiate', kind: 'internal', attributes: {} }),
      'span.aura.negotiation.negotiate without aura.item.id',
    ],
    [
      'a kind that is not the registered one',
      withSpan({ name: 'search.search', kind: 'producer', attributes: {} }),
      'span search.search is producer, not internal',
    ],
    ['an unknown metric', withMetric({ name: 'aura.sales' }), 'unknown metric aura.sales'],
    [
      'a deprecated metric',
      withMetric({ name: 'db.client.connections.usage' }),
      'deprecated metric db.client.connections.usage',
    ],
    [
      'a wrong unit',
      withMetric({ unit: 'ms' }),
      'metric db.client.operation.duration in ms, not s',
    ],
    [
      'a wrong instrument',
      withMetric({ instrument: 'gauge' }),
      'metric db.client.operation.duration is gauge, not histogram',
    ],
    [
      'a required label that is missing',
      withMetric({ points: [{ attributes: {}, bounds: [1, 2] }] }),
      'metric db.client.operation.duration without db.system.name',
    ],
    [
      'an unknown log event',
      { ...sound, logs: [{ ...log, eventName: 'sold_out' }] },
      'unknown log event sold_out',
    ],
  ])('%s is found', (_what, signals, finding) => {
    expect(findingsOf(signals)).toContain(finding);
  });

  test('a told exception is none, and one that does not occur is told', () => {
    const planted = withAttribute('db.system', string('postgresql'));
    const exceptions = { 'deprecated attribute db.system': 'x', 'unknown metric gone': 'y' };
    const { findings, excepted, unused } = checkAll(registries, planted, exceptions);
    expect(findings).toEqual([]);
    expect(excepted.map(({ what }) => what)).toEqual(['deprecated attribute db.system']);
    expect(unused).toEqual(['unknown metric gone']);
  });
});

describe('the Instrumentation Score', () => {
  const failed = (signals: Signals) =>
    judge(signals, conventions).flatMap(({ rule, breaches }) =>
      breaches.length > 0 ? [rule.id] : [],
    );
  const manySpans = (count: number, change: Partial<SpanSeen>): Signals => ({
    ...sound,
    spans: [
      root,
      ...Array.from({ length: count }, (_, i) => ({ ...statement, spanId: `s${i}`, ...change })),
    ],
  });
  const resource = (name: string, value: Typed | undefined): Signals => {
    const { [name]: _gone, ...rest } = sender.resource as Readonly<Record<string, Typed>>;
    return withSpan({ resource: value === undefined ? rest : { ...rest, [name]: value } });
  };

  test('what is sound scores 100', () => {
    expect(failed(sound)).toEqual([]);
    expect(scoreOf(judge(sound, conventions))).toBe(100);
  });

  test.each([
    ['RES-001', resource('service.instance.id', undefined)],
    ['RES-002', resource('process.pid', int(2))],
    ['RES-004', withAttribute('service.name', string('aura-core'))],
    ['RES-004', resource('http.request.method', string('GET'))],
    ['RES-005', resource('service.name', string(''))],
    ['SDK-001', resource('process.runtime.version', string('20.19.0'))],
    ['SPA-001', manySpans(11, { kind: 'internal' })],
    ['SPA-002', withSpan({ parentSpanId: 'of-nobody' })],
    ['SPA-004', withSpan({ parentSpanId: undefined })],
    ['SPA-005', manySpans(21, { durationMs: 4.9 })],
    [
      'MET-001',
      withMetric({
        points: Array.from({ length: 10_000 }, (_, i) => ({
          attributes: { 'db.system.name': string(`${i}`) },
          bounds: [1, 2],
        })),
      }),
    ],
    ['MET-002', withMetric({ name: 'other', unit: '' })],
    ['MET-002', withMetric({ name: 'other', unit: 'seconds' })],
    ['MET-003', withMetric({ unit: 'ms' })],
    ['MET-004', withMetric({ points: [{ attributes: {}, bounds: [1, 3] }] })],
    ['MET-005', withMetric({ name: 'db.duration.seconds' })],
    ['MET-006', withMetric({ name: 'http.response.status_code' })],
    ['LOG-002', { ...sound, logs: [{ ...log, severityNumber: 0 }] }],
  ])('%s fails where it is broken, and nothing else does', (id, signals) => {
    expect(failed(signals).filter((each) => each !== 'RES-002' || id === 'RES-002')).toEqual([id]);
    expect(scoreOf(judge(signals, conventions))).toBeLessThan(100);
  });

  test('the weights are those of the specification', () => {
    // Its own example: 4 of 8 critical, 8 of 10 important, 6 of 8 normal and 1 of 5 low rules.
    const some = (
      impact: 'Critical' | 'Important' | 'Normal' | 'Low',
      passed: number,
      all: number,
    ) =>
      Array.from({ length: all }, (_, i) => ({
        rule: { id: '', says: '', impact, breaches: () => [] },
        breaches: i < passed ? [] : ['x'],
      }));
    const verdicts = [
      ...some('Critical', 4, 8),
      ...some('Important', 8, 10),
      ...some('Normal', 6, 8),
      ...some('Low', 1, 5),
    ];
    expect(scoreOf(verdicts)).toBeCloseTo(63.855, 2);
  });
});

describe('registry.json', () => {
  const { attributes, metrics } = conventions;
  const isGone = (facts: { readonly moved?: true; readonly deprecated?: string } | undefined) =>
    facts?.moved === true || facts?.deprecated !== undefined;

  test('has the attributes and metrics of the published package, and no other', () => {
    const names = publishedNames('ATTR_');
    expect([...names].filter((name) => !Object.hasOwn(attributes, name))).toEqual([]);
    const more = Object.entries(attributes).filter(
      ([name, each]) => !names.has(name) && !isGone(each),
    );
    expect(more.filter(([, { type }]) => !type.startsWith('template'))).toEqual([]);
    // Of metrics there may be newer ones in the package, but none of those that a service here could make.
    const ours = /^(?:db|gen_ai|http|mcp|nodejs|otel|process|rpc|v8js)\./;
    const ofMetrics = [...publishedNames('METRIC_')].filter((name) => ours.test(name));
    expect(ofMetrics.filter((name) => !Object.hasOwn(metrics, name))).toEqual([]);
  });

  test.each(['attributes', 'metrics'] as const)(
    'calls the %s deprecated that the package does',
    (of) => {
      const marked = [...publishedDeprecations(of).keys()].filter(
        (name) => name in conventions[of],
      );
      expect(marked.length).toBeGreaterThan(80);
      expect(marked.filter((name) => !isGone(conventions[of][name]))).toEqual([]);
    },
  );
});
