/** The component of TLS: what the services read is what is mounted, and who probes them can. */
import { beforeAll, describe, expect, test } from 'vitest';
import { build } from './build.ts';
import type { Container, PodSpec, Resource } from './manifests.ts';
import { oneOf, podOf } from './manifests.ts';
import { hasTools } from './tools.ts';

interface Mounts {
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Volumes {
  readonly volumes?: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string };
  }[];
}
interface Certificate {
  readonly secretName: string;
  readonly dnsNames?: readonly string[];
  readonly usages?: readonly string[];
  readonly issuerRef: { readonly name: string };
}

describe.runIf(hasTools('kustomize'))('with the component tls', () => {
  let resources: readonly Resource[];
  beforeAll(async () => {
    ({ resources } = await build('everything'));
  });

  const specOf = (name: string) =>
    podOf(oneOf(resources, 'Deployment', name))?.spec as PodSpec & Volumes;
  const containerOf = (name: string) => specOf(name).containers[0] as Container & Mounts;
  const variablesOf = (name: string): Readonly<Record<string, string>> => {
    const [ref] = containerOf(name).envFrom ?? [];
    return oneOf(resources, 'ConfigMap', ref?.configMapRef.name ?? '').data ?? {};
  };
  const certificateOf = (name: string) => oneOf<Certificate>(resources, 'Certificate', name).spec;

  test.each([
    ['core-service', 'GRPC_TLS', 'server auth'],
    ['api-gateway', 'CORE_TLS', 'client auth'],
  ])('%s reads the files of its own secret', (name, prefix, usage) => {
    const variables = variablesOf(name);
    const files = ['CERTIFICATE', 'KEY', 'CA'].map((each) => variables[`${prefix}_${each}`]);
    const [mount] = containerOf(name).volumeMounts ?? [];
    // cert-manager names them so.
    expect(files).toEqual(
      ['tls.crt', 'tls.key', 'ca.crt'].map((each) => `${mount?.mountPath}/${each}`),
    );
    const [volume] = specOf(name).volumes ?? [];
    expect(volume?.name).toBe(mount?.name);
    const { secretName, usages } = certificateOf(name);
    expect(volume?.secret?.secretName).toBe(secretName);
    expect(usages).toContain(usage);
  });

  test('both certificates are of the authority that both trust', () => {
    const issuers = ['core-service', 'api-gateway'].map(
      (each) => certificateOf(each).issuerRef.name,
    );
    expect(issuers).toEqual(['aura', 'aura']);
    const { spec } = oneOf<{ readonly ca: { readonly secretName: string } }>(
      resources,
      'Issuer',
      'aura',
    );
    expect(spec.ca.secretName).toBe(certificateOf('aura-authority').secretName);
  });

  test('core has the name that the gateway looks for', () => {
    const { CORE_SERVICE_HOST = '' } = variablesOf('api-gateway');
    const [, name = ''] = /^dns:\/\/\/([^:]+):/.exec(CORE_SERVICE_HOST) ?? [];
    expect(certificateOf('core-service').dnsNames).toContain(name);
  });

  test('the probes of core ask where there is no TLS, and what they ask without it', () => {
    const port = Number(variablesOf('core-service')['GRPC_HEALTH_PORT']);
    const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf('core-service');
    const alive = { port, service: 'grpc.health.v1.Health' };
    expect([startupProbe.grpc, livenessProbe.grpc]).toEqual([alive, alive]);
    expect(readinessProbe.grpc).toEqual({ port });
    expect(ports?.find(({ name }) => name === 'health')?.containerPort).toBe(port);
  });
});
