import { promisify } from 'node:util';
import type { sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { traceEndpoint } from '../trace-endpoint.ts';
import { ExportWatch } from './export-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const endpoint = 'http://localhost:4317';
const refused = Object.assign(
  new Error('No connection established. connect ECONNREFUSED ::1:4317'),
  {
    code: 14,
  },
);

function start(env: NodeJS.ProcessEnv = {}) {
  const told: unknown[] = [];
  let answer: Parameters<Parameters<SpanExporter['export']>[1]>[0];
  const watch = new ExportWatch(traceEndpoint(env));
  watch.on('failed', (failure) => told.push(['failed', failure]));
  watch.on('recovered', (again) => told.push(['recovered', again]));
  const exporter = watch.around({
    export: (_spans, done) => done(answer),
    shutdown: () => Promise.resolve(),
  });
  const send = (error?: Error, spans = 1): void => {
    answer = error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS };
    exporter.export(Array<ReadableSpan>(spans), (result) => expect(result).toBe(answer));
  };
  return { watch, told, send, words: () => told.map((each) => (each as [string])[0]) };
}

test('the first failure is told, the next ones are not, and the recovery says what was lost', () => {
  const { watch, told, send } = start();
  send();
  expect([watch.isOk(), told]).toEqual([true, []]);
  for (let i = 0; i < 100; i++) send(refused, 3);
  expect(watch.isOk()).toBe(false);
  expect(told).toEqual([
    ['failed', { endpoint, error_type: 'UNAVAILABLE', error_code: 'ECONNREFUSED' }],
  ]);
  send();
  expect(watch.isOk()).toBe(true);
  expect(told[1]).toEqual(['recovered', { endpoint, spans_lost: 300 }]);
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
  expect(told).toEqual([['failed', { endpoint, error_type: 'UNAUTHENTICATED' }]]);
});

test('an error that is not of gRPC is told by its class', () => {
  const { told, send } = start();
  send(new RangeError('geheim'));
  expect(told).toEqual([['failed', { endpoint, error_type: 'RangeError' }]]);
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
  const watch = new ExportWatch(traceEndpoint({ OTEL_EXPORTER_OTLP_ENDPOINT }));
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
    seen.push(watch.isOk());
  }
  // A collector that refuses none and has words all the same has taken the batch.
  expect(seen).toEqual([false, true, false, true]);
  const first = { endpoint: OTEL_EXPORTER_OTLP_ENDPOINT, error_type: 'PARTIAL_SUCCESS' };
  expect(told[0]).toEqual({ ...first, spans_rejected: 5 });
  expect(told[1]).toEqual({ endpoint: OTEL_EXPORTER_OTLP_ENDPOINT, spans_lost: 5 });
  expect(JSON.stringify(told)).not.toContain('geheim');
});
