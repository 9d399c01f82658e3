/** What a real API server says of the overlays: server-side apply, strict about fields, and nothing stored. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiServer } from './api-server.ts';
import { startApiServer } from './api-server.ts';
import { build } from './build.ts';
import type { PodSpec, Resource } from './manifests.ts';
import { oneOf, parseResources, podOf } from './manifests.ts';
import { hasTools, pathOf } from './tools.ts';

/** The kind of a CRD that no Go module which can be had brings along. */
const UNKNOWN = new Set(['Cluster']);

/** A pod such as a Deployment would start it. */
function podFrom(resource: Resource, change: Partial<PodSpec> = {}): Resource {
  const pod = podOf(resource);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: resource.metadata.name, namespace: 'aura', ...pod?.metadata },
    spec: { ...pod?.spec, ...change },
  };
}

describe.runIf(hasTools('kustomize', 'etcd', 'kube-apiserver'))('a real API server', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer();
    const crds = readdirSync(pathOf('crds')).flatMap((file) =>
      parseResources(readFileSync(join(pathOf('crds'), file), 'utf8')),
    );
    for (const crd of crds) {
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      await server.create(path, crd);
      const [plural, ...group] = crd.metadata.name.split('.');
      const served = `/apis/${group.join('.')}/v1/${plural}`;
      await vi.waitUntil(async () => (await server.send('GET', served)).status === 200, {
        timeout: 60_000,
      });
    }
    const namespace = oneOf((await build('production')).resources, 'Namespace', 'aura');
    await server.create('/api/v1/namespaces', namespace);
  });
  afterAll(() => server?.stop());

  test.each(['local', 'production', 'everything'] as const)(
    'takes the overlay %s',
    async (name) => {
      const { resources } = await build(name);
      const known = resources.filter(({ kind }) => !UNKNOWN.has(kind));
      const told = [];
      for (const each of known) {
        const { status, warnings, body } = await server.dryRun(each);
        const what = `${each.kind} ${each.metadata.name}`;
        if (status > 201 || warnings !== '') told.push({ what, warnings, message: body.message });
      }
      expect(told).toEqual([]);
      expect(known.length).toBeGreaterThan(20);
    },
  );

  test('lets each pod into the namespace, whose profile is restricted', async () => {
    const { resources } = await build('production');
    const pods = resources.filter((each) => podOf(each)).map((each) => podFrom(each));
    expect(pods).toHaveLength(5);
    const answers = await Promise.all(pods.map((each) => server.dryRun(each)));
    expect(answers.map(({ status }) => status)).toEqual(pods.map(() => 201));
  });

  test('keeps out a pod beyond the profile', async () => {
    const { resources } = await build('production');
    const core = oneOf(resources, 'Deployment', 'core-service');
    const rooted = podFrom(core, { hostNetwork: true } as Partial<PodSpec>);
    const { status, body } = await server.dryRun(rooted);
    expect(status).toBe(403);
    expect(body.message).toContain('violates PodSecurity "restricted:latest"');
  });

  test.each([
    ['a field that there is not', { terminationGraceSeconds: 1 }, 'terminationGraceSeconds'],
    ['a grace of no time', { terminationGracePeriodSeconds: -1 }, 'terminationGracePeriodSeconds'],
  ])('refuses %s', async (_what, change, named) => {
    const core = oneOf((await build('production')).resources, 'Deployment', 'core-service');
    const { status, body } = await server.dryRun(podFrom(core, change as Partial<PodSpec>));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.message).toContain(named);
  });

  test('has stored nothing', async () => {
    const { body } = await server.send('GET', '/apis/apps/v1/namespaces/aura/deployments');
    expect(body.items).toEqual([]);
  });
});
