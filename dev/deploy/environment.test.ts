/** The services read the same from the manifests, from compose.yml and from .env.example. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { newReceiptKey, writeKeySet } from '../../core-service/src/receipt-keys.ts';
import { readConfig as readGatewayConfig } from '../../api-gateway/src/config.ts';
import { readConfig as readCoreConfig } from '../../core-service/src/config.ts';
import { readRegistry } from '../../proto/telemetry-registry.ts';
import { unique } from '../checks/docs-variables.ts';
import { variablesOfEnvFile } from '../local-stack/env-names.ts';
import type { Container, EnvVar, PodSpec } from './manifests.ts';
import { KUBERNETES, oneOf, podOf, readEnvFile, readResources } from './manifests.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What another container of the pod's own, and not the service, reads. */
const OF_THE_POD = new Set(['POD_NAME', 'NODE_NAME']);
/**
 * Compose's own database, volume, offline model and port of this machine, in place of which the manifests have
 * secrets and a route.
 */
const OF_COMPOSE = new Set([
  'PGPASSWORD',
  'PRICING_SECRET_FILE',
  'RECEIPT_KEYS_FILE',
  'OFFLINE_MODEL_URL',
  'PUBLISHED_URL',
]);
/** What may differ: the collector, where compose has Jaeger alone. */
const OWN_VALUE = new Set(['OTEL_EXPORTER_OTLP_ENDPOINT']);
/** The gateway's grace is compose's default, which is not passed on. */
const NOT_IN_COMPOSE = new Set(['SHUTDOWN_GRACE_MS', 'OTEL_RESOURCE_ATTRIBUTES']);

const example = new Set(variablesOfEnvFile(readFileSync(join(ROOT, '.env.example'), 'utf8')));
const compose = parse(readFileSync(join(ROOT, 'compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<
    Record<
      string,
      { readonly environment: Readonly<Record<string, string | number | boolean | null>> }
    >
  >;
};

/** `${NAME:-default}` as it is when nobody set NAME; a name without a value is passed on only where it is set. */
function composeEnvironment(service: string): Record<string, string> {
  const given = compose.services[service]?.environment ?? {};
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')]],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

function containerOf(folder: string): Container {
  const name = folder === 'gateway' ? 'api-gateway' : 'core-service';
  const deployment = oneOf(readResources(`base/${folder}/deployment.yaml`), 'Deployment', name);
  const spec = podOf(deployment)?.spec as PodSpec;
  return spec.containers[0] as Container;
}

const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://aura:secret@db:5432/aura',
  DATABASE_READ_URL: 'postgres://aura:secret@replica:5432/aura',
  PRICING_SECRET: 'sixteen-characters',
  MISTRAL_API_KEY: 'key',
  RECEIPT_KEYS: writeKeySet([newReceiptKey()]),
  ADMIN_TOKEN: 'sixteen-characters',
  TELEMETRY_AGENT_ID_KEY: 'sixteen-characters-for-hashes',
  ADMIN_TOKEN_PREVIOUS: 'sixteen-characters-before',
};

function valueOf({ value = '', valueFrom }: EnvVar): string {
  const key = valueFrom?.secretKeyRef?.key;
  if (key !== undefined) return SECRETS[key] ?? `no secret has the key ${key}`;
  return valueFrom ? 'x' : value.replaceAll(/\$\(\w+\)/g, 'x');
}

/** All that the service finds in its environment. */
function environmentOf(folder: string): Record<string, string> {
  const env = containerOf(folder).env ?? [];
  return {
    ...readEnvFile(`base/${folder}/${folder}.env`),
    ...Object.fromEntries(env.map((each) => [each.name, valueOf(each)])),
  };
}

describe.each([
  ['gateway', 'api-gateway'],
  ['core', 'core-service'],
] as const)('the %s of the manifests', (folder, service) => {
  const given = environmentOf(folder);

  test('is given what .env.example knows, and nothing else', () => {
    const names = Object.keys(given).filter((name) => !OF_THE_POD.has(name));
    expect(names.length).toBeGreaterThan(10);
    const known = new Set([...example, 'OTEL_SERVICE_NAME']);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test('is given each variable that compose.yml gives it, and no other', () => {
    const names = Object.keys(given).filter(
      (each) => !OF_THE_POD.has(each) && !NOT_IN_COMPOSE.has(each),
    );
    const there = Object.keys(composeEnvironment(service)).filter((each) => !OF_COMPOSE.has(each));
    expect(names.toSorted()).toEqual(there.toSorted());
  });

  test('has the values that compose.yml has', () => {
    const there = composeEnvironment(service);
    const differing = Object.entries(readEnvFile(`base/${folder}/${folder}.env`)).filter(
      ([name, value]) => name in there && there[name] !== value,
    );
    expect(differing.map(([name]) => name).filter((name) => !OWN_VALUE.has(name))).toEqual([]);
  });
});

describe('a service starts with what it is given', () => {
  test('the gateway, on the ports that its pod tells', () => {
    const config = readGatewayConfig({ ...environmentOf('gateway'), HTTP_HOST: '0.0.0.0' });
    expect(config.core.target).toBe('dns:///core-service:50051');
    const ports = containerOf('gateway').ports?.map((each) => each.containerPort);
    expect(ports).toEqual([config.http.port, 9_464]);
  });

  test('core, on the ports that its pod tells', () => {
    const config = readCoreConfig({ ...environmentOf('core'), GRPC_HOST: '0.0.0.0' });
    expect(config.model?.apiKey).toBe('key');
    const ports = containerOf('core').ports?.map((each) => each.containerPort);
    expect(ports).toEqual([config.grpc.port, 9_465]);
  });

  test('core without the keys that are optional', () => {
    const env = containerOf('core').env ?? [];
    const optional = env.filter(({ valueFrom }) => valueFrom?.secretKeyRef?.optional);
    expect(optional.map(({ name }) => name)).toEqual([
      'DATABASE_READ_URL',
      'RECEIPT_KEYS',
      'MISTRAL_API_KEY',
      'ADMIN_TOKEN',
      'ADMIN_TOKEN_PREVIOUS',
      'TELEMETRY_AGENT_ID_KEY',
    ]);
    const rest = Object.entries(environmentOf('core')).filter(
      ([name]) => !optional.some((each) => each.name === name),
    );
    expect(readCoreConfig(Object.fromEntries(rest)).model).toBeUndefined();
  });
});

describe.each([
  // Seconds for the last spans, and in core for the pool too, as main.ts of each has them.
  ['gateway', 'api-gateway', 2],
  ['core', 'core-service', 3],
] as const)('the stop of the %s', (folder, service, lastSpans) => {
  const main = readFileSync(join(ROOT, service, 'src/main.ts'), 'utf8');

  test('has time for the removal of its address, the drain, and the last spans', () => {
    expect(main).toContain(`LAST_SPANS_MS = ${lastSpans}_000`);
    const deployment = oneOf(
      readResources(`base/${folder}/deployment.yaml`),
      'Deployment',
      service,
    );
    const spec = podOf(deployment)?.spec as PodSpec;
    const { lifecycle } = containerOf(folder);
    const grace = Number(environmentOf(folder)['SHUTDOWN_GRACE_MS']) / 1_000;
    const needed = lifecycle.preStop.sleep.seconds + grace + lastSpans;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(needed);
    expect(spec.terminationGracePeriodSeconds).toBeLessThanOrEqual(needed + 5);
  });
});

test('whoever restarts or sends requests asks what the services answer', () => {
  const [gateway, core] = [containerOf('gateway'), containerOf('core')];
  expect(gateway.livenessProbe.httpGet?.path).toBe('/healthz');
  expect(gateway.readinessProbe.httpGet?.path).toBe('/readyz');
  // The name that serves while the database is away, so that nobody restarts core for that.
  expect(core.livenessProbe.grpc).toEqual({ port: 50_051, service: 'grpc.health.v1.Health' });
  expect(core.readinessProbe.grpc).toEqual({ port: 50_051 });
});

test('the collector decides by attributes that core sets', () => {
  const config = readFileSync(join(KUBERNETES, 'components/collector/gateway.yaml'), 'utf8');
  const decidedBy = unique([...config.matchAll(/\baura\.[a-z_.]+/g)].map(([name]) => name));
  expect(decidedBy).toContain('aura.negotiation.price');
  const defined = readRegistry().attributes.map(({ id }) => id);
  expect(defined).toEqual(expect.arrayContaining(decidedBy));
});
