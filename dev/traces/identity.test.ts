/** Each process says who it is, and says the same in traces, metrics and its log. */
import { rmSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import coreManifest from '../../core-service/package.json' with { type: 'json' };
import gatewayManifest from '../../api-gateway/package.json' with { type: 'json' };
import { makeDataDir } from '../testing/database.ts';
import { freePortPair } from '../testing/free-ports.ts';
import { startService } from '../testing/service.ts';
import { startStack } from '../testing/stack.ts';
import { sendTraced } from '../testing/traced.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import { trees } from './trace-contract.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ID = 'service.instance.id';

test('both services have one identity in traces, metrics and logs', async () => {
  const dataDir = await makeDataDir({ seeded: true });
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  onTestFinished(() => receiver.close());
  const port = await freePortPair();
  const stack = await startStack({
    DATA_DIR: dataDir,
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    OTEL_NODE_RESOURCE_DETECTORS: 'none',
  });
  onTestFinished(() => void stack.stop());
  const urls = { gatewayUrl: stack.url, queryUrl: receiver.queryUrl };
  const body = { query: 'beach' };
  const { trace } = await sendTraced({
    ...urls,
    path: '/v1/search',
    body,
    expected: trees.search,
  });

  const services = [
    ['aura-gateway', port, gatewayManifest.version],
    ['aura-core', port + 1, coreManifest.version],
  ] as const;
  const ids: unknown[] = [];
  for (const [service, at, version] of services) {
    const sent = Object.values(trace.processes).find(({ serviceName }) => serviceName === service);
    const tags = Object.fromEntries((sent?.tags ?? []).map(({ key, value }) => [key, value]));
    expect(tags).toMatchObject({
      'service.namespace': 'aura',
      'service.version': version,
      [ID]: expect.stringMatching(UUID),
      'deployment.environment.name': 'staging',
    });
    expect(Object.keys(tags).filter((key) => /^(host|process|os)\./.test(key))).toEqual([]);
    ids.push(tags[ID]);

    const text = await (await fetch(`http://127.0.0.1:${at}/metrics`)).text();
    const info = text.split('\n').find((line) => line.startsWith('target_info{'));
    for (const [key, value] of Object.entries(tags)) {
      expect(info).toContain(`${key.replaceAll('.', '_')}="${value}"`);
    }
    const line = await stack.line(
      (each) => each['event'] === 'telemetry_initialized' && each['service'] === service,
    );
    expect(line).toMatchObject({
      service_namespace: 'aura',
      service_version: version,
      service_instance_id: tags[ID],
      deployment_environment_name: 'staging',
    });
  }
  expect(new Set(ids).size).toBe(2);
});

test.each([
  ['that it makes itself', 'team=blue', UUID],
  ['made of the one that they were given', `${ID}=pod-7`, /^pod-7-[12]$/],
])('each of two workers has an id of its own, %s', async (_what, attributes, form) => {
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: '127.0.0.1:1',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_RESOURCE_ATTRIBUTES: attributes,
    WORKERS: '2',
  });
  onTestFinished(() => gateway.kill());
  const ids = await vi.waitFor(() => {
    const told = gateway.lines.filter((line) => line['event'] === 'telemetry_initialized');
    expect(told).toHaveLength(2);
    return told.map((line) => line['service_instance_id']);
  }, 30_000);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(form);
});
