import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { traceEndpoint } from '../telemetry-variables.ts';
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
