/** What kustomize makes of deploy/kubernetes, held against schemas, practices and the restricted profile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Built } from './build.ts';
import { build, OVERLAYS } from './build.ts';
import { podOf } from './manifests.ts';
import { LOCATION, writeSchemas } from './schemas.ts';
import { hasTools, pathOf, run } from './tools.ts';

/** A resource whose schema no Go module that can be had brings along. */
const WITHOUT_SCHEMA = ['postgresql.cnpg.io/v1/Cluster'];
/** Practices that kube-score asks for and the manifests settle otherwise. */
const SETTLED = [
  // The images' user is 1000, for whom they have their compiled modules.
  'container-security-context-user-group-id',
  // An image's tag is that of a release, which never moves.
  'container-image-pull-policy',
  // Pods are spread by topologySpreadConstraints, which let two of them share a node where there is one.
  'deployment-has-host-podantiaffinity',
  'statefulset-has-host-podantiaffinity',
  // The parts of the local overlay have one pod each.
  'deployment-has-poddisruptionbudget',
  'statefulset-has-poddisruptionbudget',
  'deployment-replicas',
  // Jaeger, Postgres and the offline model of the local overlay are not worth restarting.
  'pod-probes',
];

let schemas: string;
beforeAll(() => {
  schemas = mkdtempSync(join(tmpdir(), 'aura-schemas-'));
  if (hasTools('kubeconform')) writeSchemas(pathOf('openapi'), pathOf('crds'), schemas);
});
afterAll(() => rmSync(schemas, { recursive: true }));

function conform(text: string): ReturnType<typeof run> {
  const args = ['-strict', '-summary', '-skip', WITHOUT_SCHEMA.join(',')];
  return run('kubeconform', [...args, '-schema-location', join(schemas, LOCATION)], text);
}

describe.runIf(hasTools('kustomize')).each(OVERLAYS)('the overlay %s', (overlay) => {
  let built: Built;
  beforeAll(async () => {
    built = await build(overlay);
  });

  test('has both services and the job, in one namespace', () => {
    const names = built.resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    for (const each of ['Deployment api-gateway', 'Deployment core-service', 'Job migrate']) {
      expect(names).toContain(each);
    }
    const elsewhere = built.resources.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'aura',
    );
    expect(elsewhere).toEqual([]);
  });

  test('has no secret in it that is worth one', () => {
    const secrets = built.resources.filter(({ kind }) => kind === 'Secret');
    expect(secrets).toHaveLength(overlay === 'local' ? 2 : 0);
  });

  test('names each image by a release', () => {
    const pods = built.resources.flatMap((each) => podOf(each)?.spec ?? []);
    const containers = pods.flatMap((each) => [...each.containers, ...(each.initContainers ?? [])]);
    const images = containers.map(({ image }) => image);
    expect(images.filter((image) => !/:(?!latest)[\w.-]+$/.test(image))).toEqual([]);
  });

  test.runIf(hasTools('kubeconform'))('fits the schemas of Kubernetes', async () => {
    const { code, output } = await conform(built.text);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Invalid: 0') });
    expect(output).toContain('Errors: 0');
  });

  test.runIf(hasTools('pod-security'))('has only pods of the restricted profile', async () => {
    const { code, output } = await run('pod-security', [], built.text);
    const pods = built.resources.filter((each) => podOf(each));
    expect(output.match(/allowed=true/g)).toHaveLength(pods.length);
    expect(code).toBe(0);
  });

  test.runIf(hasTools('kube-score'))('keeps to the practices of kube-score', async () => {
    const args = SETTLED.flatMap((each) => ['--ignore-test', each]);
    const { output } = await run('kube-score', ['score', '-o', 'ci', ...args, '-'], built.text);
    expect(output).toContain('[OK]');
    expect(output.split('\n').filter((line) => /^\[(WARNING|CRITICAL)\]/.test(line))).toEqual([]);
  });
});

describe.runIf(hasTools('kustomize', 'pod-security'))('a pod beyond the profile is seen', () => {
  test.each([
    ['as root', 'runAsNonRoot: true', 'runAsNonRoot: false'],
    [
      'with rights to be gained',
      'allowPrivilegeEscalation: false',
      'allowPrivilegeEscalation: true',
    ],
    ['with the node’s network', 'automountServiceAccountToken: false', 'hostNetwork: true'],
  ])('%s', async (_what, from, to) => {
    const { text } = await build('production');
    const { code, output } = await run('pod-security', [], text.replace(from, to));
    expect(code).toBe(1);
    expect(output.match(/allowed=false/g)).toHaveLength(1);
  });
});

describe.runIf(hasTools('kustomize', 'kubeconform'))('what is wrong is seen', () => {
  test.each([
    ['a field that is misspelt', 'terminationGracePeriodSeconds:', 'terminationGraceSeconds:'],
    ['a number that is a word', 'maxReplicas: 10', 'maxReplicas: ten'],
    ['a field of a CRD', 'parentRefs:', 'parents:'],
    ['a kind that there is not', 'kind: PodDisruptionBudget', 'kind: PodBudget'],
  ])('%s', async (_what, from, to) => {
    const { text } = await build('production');
    expect(text).toContain(from);
    const { code, output } = await conform(text.replace(from, to));
    expect({ code, output }).toMatchObject({ code: 1 });
  });
});
