import { promisify } from 'node:util';
import type { sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Signal } from '../otlp-endpoint.ts';
import { otlpEndpoint } from '../otlp-endpoint.ts';
import { ExportWatch } from './export-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const endpoint = 'http://localhost:4317';
const traces = { signal: 'traces', endpoint };
const refused = Object.assign(
  new Error('No connection established. connect ECONNREFUSED ::1:4317'),
  {
    code: 14,
  },
);

const isOk = (watch: ExportWatch): boolean => watch.counts().failure === undefined;

function start(signal: Signal = 'traces', env: NodeJS.ProcessEnv = {}) {
  const told: unknown[] = [];
  let answer: Parameters<Parameters<SpanExporter['export']>[1]>[0];
  const watch = new ExportWatch(signal, otlpEndpoint(env, signal));
  watch.on('failed', (failure) => told.push(['failed', failure]));
  watch.on('recovered', (again) => told.push(['recovered', again]));
  const exporter = watch.around({
    export: (_spans, done) => done(answer),
    shutdown: () => Promise.resolve(),
  });
  const sendItems = (items: object, error?: Error): void => {
    answer = error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS };
    exporter.export(items, (result) => expect(result).toBe(answer));
  };
  const send = (error?: Error, spans = 1): void => sendItems(Array(spans), error);
  return { watch, told, send, sendItems, words: () => told.map((each) => (each as [string])[0]) };
}

test('the first failure is told, the next ones are not, and the recovery says what was lost', () => {
  const { watch, told, send } = start();
  send();
  expect([isOk(watch), told]).toEqual([true, []]);
  for (let i = 0; i < 100; i++) send(refused, 3);
  expect(isOk(watch)).toBe(false);
  expect(told).toEqual([
    [
      'failed',
      { ...traces, link: 'network', error_type: 'UNAVAILABLE', error_code: 'ECONNREFUSED' },
    ],
  ]);
  send();
  expect(isOk(watch)).toBe(true);
  expect(told[1]).toEqual(['recovered', { ...traces, spans_lost: 300 }]);
});

test('while exports flap each is told once a minute at most, and what stands is told at last', () => {
  const { send, words } = start();
  for (let second = 0; second < 110; second++) {
    send(second % 2 === 0 ? refused : undefined);
    vi.advanceTimersByTime(1_000);
  }
  expect(words()).toEqual(['failed', 'recovered', 'failed', 'recovered']);
  send(refused);
  expect(words()).toHaveLength(4);
  // Nothing is exported any more, and yet the log must not end on a recovery.
  vi.advanceTimersByTime(60_000);
  expect(words().at(-1)).toBe('failed');
});

test('what a collector says is not repeated: it may have a header in it', () => {
  const { told, send } = start();
  const error = Object.assign(new Error('16 UNAUTHENTICATED: bad token "geheim"'), { code: 16 });
  send(Object.assign(error, { details: 'geheim' }));
  expect(told).toEqual([
    ['failed', { ...traces, link: 'collector', error_type: 'UNAUTHENTICATED' }],
  ]);
});

test('an error that is not of gRPC is told by its class', () => {
  const { told, send } = start();
  send(new RangeError('geheim'));
  expect(told).toEqual([['failed', { ...traces, link: 'exporter', error_type: 'RangeError' }]]);
});

test.each([
  ['logs', [{}, {}], 'log_records_lost', 2],
  [
    'metrics',
    { scopeMetrics: [{ metrics: [{ dataPoints: [1, 2] }, { dataPoints: [3] }] }] },
    'data_points_lost',
    3,
  ],
] as const)('what is lost of %s is told by its own name', (signal, items, word, lost) => {
  const { told, sendItems } = start(signal);
  sendItems(items, refused);
  sendItems(items);
  const line = { signal, endpoint };
  expect(told).toMatchObject([
    ['failed', { ...line, link: 'network', error_type: 'UNAVAILABLE' }],
    ['recovered', { ...line, [word]: lost }],
  ]);
});

test('where nobody answers at an unusual endpoint, it is the exporter that has it wrong', () => {
  const { told, send } = start('traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' });
  send(refused);
  expect(told).toMatchObject([
    ['failed', { link: 'exporter', hint: expect.stringContaining('over gRPC') }],
  ]);
});

test('spans that a full queue lets go are counted, also where nobody reads metrics', async () => {
  vi.useRealTimers();
  const { watch, told } = start();
  const exporter = watch.around(new InMemorySpanExporter());
  const spanProcessors = [
    new BatchSpanProcessor({
      exporter,
      selfObsMeterProvider: watch.listenTo(new MeterProvider()),
      maxQueueSize: 2,
      maxExportBatchSize: 2,
      scheduledDelayMillis: 60_000,
    }),
  ];
  const provider = new TracerProvider({ spanProcessors });
  for (let i = 0; i < 7; i++) provider.getTracer('test').startSpan('one').end();
  await provider.forceFlush();
  const { failure, exportsFailed, lost } = watch.counts();
  expect([failure, exportsFailed]).toEqual([undefined, 0]);
  expect(lost + exporter.getFinishedSpans().length).toBe(7);
  expect(lost).toBeGreaterThan(0);
  expect(told).toEqual([]);
});

/** Answers each export with these bytes, as a collector would. */
async function startCollector(answers: Buffer[]): Promise<string> {
  const pass = (bytes: Buffer): Buffer => bytes;
  const server = new Server();
  server.addService(
    {
      export: {
        path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: pass,
        requestDeserialize: pass,
        responseSerialize: pass,
        responseDeserialize: pass,
      },
    },
    { export: (_call: unknown, done: sendUnaryData<Buffer>) => done(null, answers.shift()) },
  );
  onTestFinished(() => server.forceShutdown());
  const bind = promisify(server.bindAsync.bind(server));
  return `http://127.0.0.1:${await bind('127.0.0.1:0', ServerCredentials.createInsecure())}`;
}

test('a collector that takes the call but not the spans is told, until one takes them all', async () => {
  vi.useRealTimers();
  const words = Buffer.from('geheim');
  const partial = (rejected: number) =>
    Buffer.from([0x0a, words.length + 4, 0x08, rejected, 0x12, words.length, ...words]);
  // The last of a message's announced bytes are not there.
  const cut = partial(5).subarray(0, 6);
  const answers = [partial(5), Buffer.alloc(0), cut, partial(0)];
  const OTEL_EXPORTER_OTLP_ENDPOINT = await startCollector(answers);
  const told: unknown[] = [];
  const seen: boolean[] = [];
  const watch = new ExportWatch('traces', otlpEndpoint({ OTEL_EXPORTER_OTLP_ENDPOINT }, 'traces'));
  watch.on('failed', (failure) => told.push(failure));
  watch.on('recovered', (again) => told.push(again));
  const exporter = watch.around(new OTLPTraceExporter({ url: OTEL_EXPORTER_OTLP_ENDPOINT }));
  onTestFinished(() => exporter.shutdown());
  const spans = new InMemorySpanExporter();
  const provider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  for (let i = 0; i < 8; i++) provider.getTracer('test').startSpan('one').end();
  for (let left = answers.length; left > 0; left--) {
    await new Promise((done) => exporter.export(spans.getFinishedSpans(), done));
    seen.push(isOk(watch));
  }
  // A collector that refuses none and has words all the same has taken the batch.
  expect(seen).toEqual([false, true, false, true]);
  const here = { signal: 'traces', endpoint: OTEL_EXPORTER_OTLP_ENDPOINT };
  const first = { ...here, link: 'collector', error_type: 'PARTIAL_SUCCESS' };
  expect(told[0]).toEqual({ ...first, spans_rejected: 5 });
  expect(told[1]).toEqual({ ...here, spans_lost: 5 });
  // The unreadable answer was to eight spans, of which nobody knows what became.
  expect(watch.counts()).toMatchObject({ exportsFailed: 2, lost: 5 + 8 });
  expect(JSON.stringify(told)).not.toContain('geheim');
});
