import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { planTraces } from './traces.ts';

/** A port of this machine, with a listener or without. */
async function portAt(host: string, isListening = false): Promise<number> {
  const server = createServer((socket) => void socket.end()).listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  if (isListening) onTestFinished(() => void server.close());
  else await once(server.close(), 'close');
  return port;
}

describe('nobody takes the traces, and the receiver can', () => {
  test.each([
    ['localhost', '127.0.0.1', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ['127.0.0.1', '127.0.0.1', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    ['[::1]', '::1', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ])('at %s', async (name, host, variable) => {
    const port = await portAt(host);
    const plan = await planTraces({ [variable]: `http://${name}:${port}` });
    expect(plan).toEqual({
      said: `Traces: printed here, because no collector listens at http://${name}:${port}`,
      receiver: { host, port },
    });
  });
});

describe('the traces go elsewhere, and nobody says that they are printed', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
  ])('to a collector at %s', async (name, host) => {
    const endpoint = `http://${name}:${await portAt(host, true)}`;
    const plan = await planTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(plan).toEqual({ said: `Traces: sent to ${endpoint}` });
  });

  test('by TLS, which the receiver does not speak', async () => {
    const port = await portAt('127.0.0.1');
    const plan = await planTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${port}` });
    expect(plan.said).toContain(`sent to https://localhost:${port}, where nothing answers now`);
    expect(plan.said).toContain(`http://localhost:${port} is without`);
    expect(plan.receiver).toBeUndefined();
  });

  test('to a host that is not there', async () => {
    const plan = await planTraces({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${await portAt('127.0.0.1')}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector.invalid:4317',
    });
    const said = 'Traces: sent to http://collector.invalid:4317, where nothing answers now';
    expect(plan).toEqual({ said });
  });

  test.each([
    [{ OTEL_SDK_DISABLED: 'true' }, 'OTEL_SDK_DISABLED is true'],
    [{ OTEL_TRACES_EXPORTER: 'none' }, 'OTEL_TRACES_EXPORTER is none'],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 'OTEL_TRACES_SAMPLER is always_off'],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
      'OTEL_TRACES_SAMPLER is parentbased_always_off; only a request whose traceparent is sampled has one',
    ],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ' 0.0 ' },
      'OTEL_TRACES_SAMPLER is traceidratio and OTEL_TRACES_SAMPLER_ARG is 0.0',
    ],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
      'OTEL_TRACES_SAMPLER is parentbased_traceidratio and OTEL_TRACES_SAMPLER_ARG is 0; ' +
        'only a request whose traceparent is sampled has one',
    ],
  ])('nowhere: %j', async (env, why) => {
    expect(await planTraces(env)).toEqual({ said: `Traces: none, because ${why}` });
  });

  test.each([
    { OTEL_TRACES_SAMPLER: 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: '' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ' ' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.001' },
    { OTEL_TRACES_SAMPLER: 'traceidratio' },
  ])('somewhere: %j', async (env) => {
    const endpoint = `http://127.0.0.1:${await portAt('127.0.0.1', true)}`;
    const plan = await planTraces({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(plan).toEqual({ said: `Traces: sent to ${endpoint}` });
  });
});
