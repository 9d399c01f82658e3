/** These tests feed the receiver alone, over OTLP/gRPC. */
import { spawnSync } from 'node:child_process';
import { Client, credentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ServiceDefinition } from '@grpc/proto-loader';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceReceiver } from './server.ts';
import { startTraceReceiver } from './server.ts';

const proto = join(import.meta.dirname, 'trace_service.proto');
const service = loadSync(proto)[
  'opentelemetry.proto.collector.trace.v1.TraceService'
] as ServiceDefinition;
let receiver: TraceReceiver;
let client: Client;

beforeAll(async () => {
  receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  client = new Client(new URL(receiver.otlpUrl).host, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await receiver.close();
});

function send(traceId: string, spans: object[]): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = service['Export']!;
  const name = { key: 'service.name', value: { stringValue: 'sender' } };
  const withIds = spans.map((span) => ({ traceId: Buffer.from(traceId, 'hex'), ...span }));
  const request = {
    resourceSpans: [{ resource: { attributes: [name] }, scopeSpans: [{ spans: withIds }] }],
  };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

async function query(path: string): Promise<{ status: number; body: any }> {
  const response = await fetch(`${receiver.queryUrl}${path}`);
  return { status: response.status, body: await response.json() };
}

test('a span comes out in Jaeger’s JSON', async () => {
  const traceId = 'ab'.repeat(16);
  await send(traceId, [
    {
      spanId: Buffer.from('01'.repeat(8), 'hex'),
      parentSpanId: Buffer.from('02'.repeat(8), 'hex'),
      name: 'work',
      kind: 3,
      startTimeUnixNano: '1795365496000001000',
      endTimeUnixNano: '1795365496000251000',
      attributes: [
        { key: 'text', value: { stringValue: 'a' } },
        { key: 'count', value: { intValue: 7 } },
        { key: 'share', value: { doubleValue: 0.5 } },
        { key: 'flag', value: { boolValue: true } },
        { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }] } } },
      ],
      events: [{ name: 'exception', timeUnixNano: '1795365496000101000' }],
      links: [
        {
          traceId: Buffer.from('ef'.repeat(16), 'hex'),
          spanId: Buffer.from('03'.repeat(8), 'hex'),
        },
      ],
      status: { code: 2, message: 'it broke' },
    },
  ]);
  const { status, body } = await query(`/api/traces/${traceId}`);
  expect(status).toBe(200);
  const [span] = body.data[0].spans;
  expect(span).toMatchObject({
    traceID: traceId,
    spanID: '01'.repeat(8),
    operationName: 'work',
    references: [
      { refType: 'CHILD_OF', traceID: traceId, spanID: '02'.repeat(8) },
      { refType: 'FOLLOWS_FROM', traceID: 'ef'.repeat(16), spanID: '03'.repeat(8) },
    ],
    startTime: 1795365496000001,
    duration: 250,
    logs: [{ timestamp: 1795365496000101, fields: [{ key: 'event', value: 'exception' }] }],
  });
  expect(span.tags).toEqual(
    expect.arrayContaining([
      { key: 'text', type: 'string', value: 'a' },
      { key: 'count', type: 'int64', value: 7 },
      { key: 'share', type: 'float64', value: 0.5 },
      { key: 'flag', type: 'bool', value: true },
      { key: 'list', type: 'string', value: '["x"]' },
      { key: 'span.kind', type: 'string', value: 'client' },
      { key: 'otel.status_code', type: 'string', value: 'ERROR' },
      { key: 'error', type: 'bool', value: true },
    ]),
  );
  expect(body.data[0].processes[span.processID].serviceName).toBe('sender');
  expect((await query('/api/services')).body.data).toEqual(['sender']);
});

test('an unknown trace is 404, as Jaeger has it', async () => {
  const { status, body } = await query(`/api/traces/${'cd'.repeat(16)}`);
  expect(status).toBe(404);
  expect(body).toMatchObject({ data: null, errors: [{ code: 404, msg: 'trace not found' }] });
});

test('the last 1,000 traces are kept', async () => {
  const id = (i: number): string => i.toString(16).padStart(32, '0');
  for (let i = 1; i <= 1_001; i++) await send(id(i), [{ name: `work ${i}` }]);
  expect((await query(`/api/traces/${id(1)}`)).status).toBe(404);
  expect((await query(`/api/traces/${id(2)}`)).status).toBe(200);
  expect((await query(`/api/traces/${id(1_001)}`)).status).toBe(200);
});

test.each(['TRACE_QUERY_PORT', 'TRACE_RECEIVER_PORT'])('%s is read in plain digits', (name) => {
  for (const port of ['1.000', '65536', '-1', 'http']) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts')],
      {
        env: { TRACE_QUERY_PORT: '0', TRACE_RECEIVER_PORT: '0', [name]: port },
        encoding: 'utf8',
        timeout: 30_000,
      },
    );
    const line = `${name} must be a whole number from 0 to 65535 in digits alone, not "${port}"\n`;
    expect([status, stdout, stderr]).toEqual([1, '', line]);
  }
});
