/** Who may talk to whom, by the network policies that kustomize makes, as a cluster would read them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { build } from './build.ts';
import type { Resource } from './manifests.ts';
import { podOf } from './manifests.ts';
import { hasTools } from './tools.ts';

type Labels = Readonly<Record<string, string>>;
interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
  readonly ipBlock?: { readonly cidr: string };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: string | number }[];
}
interface Policy {
  readonly podSelector: { readonly matchLabels?: Labels };
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}
interface Workload {
  readonly name: string;
  readonly labels: Labels;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
}

function workloadsOf(resources: readonly Resource[]): Workload[] {
  return resources.flatMap((each) => {
    const pod = podOf(each);
    if (!pod) return [];
    const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
    return [{ name: each.metadata.name, labels: pod.metadata.labels, ports }];
  });
}

const matches = (
  selector: { readonly matchLabels?: Labels } | undefined,
  labels: Labels,
): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** Tells whether a rule lets in, or out to, a pod of this namespace. */
function letsPod(peers: readonly Peer[] | undefined, labels: Labels): boolean {
  if (!peers) return true;
  return peers.some(
    ({ podSelector, namespaceSelector, ipBlock }) =>
      !namespaceSelector && !ipBlock && matches(podSelector, labels),
  );
}

/** The lines `from → to:port` of all that may be, within the namespace. */
function edgesOf(resources: readonly Resource[]): string[] {
  const workloads = workloadsOf(resources);
  const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy') as Resource<Policy>[];
  const rulesOf = (type: 'Ingress' | 'Egress', { labels }: Workload): Rule[] =>
    policies
      .map(({ spec }) => spec)
      .filter((each) => each.policyTypes.includes(type) && matches(each.podSelector, labels))
      .flatMap((each) => (type === 'Ingress' ? each.ingress : each.egress) ?? []);
  const edges = workloads.flatMap((from) =>
    workloads.flatMap((to) =>
      to.ports.flatMap(({ name, containerPort }) => {
        const isOpen = (rule: Rule): boolean =>
          rule.ports?.some(({ port }) => port === name || port === containerPort) ?? true;
        const out = rulesOf('Egress', from).some(
          (each) => isOpen(each) && letsPod(each.to, to.labels),
        );
        const into = rulesOf('Ingress', to).some(
          (each) => isOpen(each) && letsPod(each.from, from.labels),
        );
        return out && into ? [`${from.name} → ${to.name}:${containerPort}`] : [];
      }),
    ),
  );
  return edges.toSorted();
}

describe.runIf(hasTools('kustomize'))('the network policies', () => {
  let local: readonly Resource[];
  let production: readonly Resource[];
  beforeAll(async () => {
    local = (await build('local')).resources;
    production = (await build('production')).resources;
  });

  test('of production let through what the design says, and nothing else', () => {
    expect(edgesOf(production)).toEqual([
      'api-gateway → core-service:50051',
      'api-gateway → otel-agent:4317',
      'core-service → otel-agent:4317',
      'otel-agent → otel-gateway:4317',
    ]);
  });

  test('of the local overlay let through what its own parts need besides', () => {
    expect(edgesOf(local)).toEqual([
      'api-gateway → core-service:50051',
      'api-gateway → otel-agent:4317',
      'core-service → offline-model:8080',
      'core-service → otel-agent:4317',
      'core-service → postgres:5432',
      'migrate → postgres:5432',
      'otel-agent → otel-gateway:4317',
      'otel-gateway → jaeger:4317',
    ]);
  });

  test('hold for every pod, in and out', () => {
    const policies = production.filter(
      ({ kind }) => kind === 'NetworkPolicy',
    ) as Resource<Policy>[];
    const all = policies.find(({ metadata }) => metadata.name === 'deny-all');
    expect(all?.spec).toMatchObject({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(all?.spec.ingress).toBeUndefined();
  });

  test('let the model be asked, and no machine of the own network in its place', () => {
    const policies = production.filter(
      ({ kind }) => kind === 'NetworkPolicy',
    ) as Resource<Policy>[];
    const core = policies.find(({ metadata }) => metadata.name === 'core-service');
    const model = core?.spec.egress?.filter(({ ports }) => ports?.some(({ port }) => port === 443));
    expect(model).toHaveLength(1);
    const [four] = model?.[0]?.to ?? [];
    expect(four?.ipBlock).toMatchObject({
      cidr: '0.0.0.0/0',
      except: expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12']),
    });
    expect(JSON.stringify(core?.spec.egress)).not.toContain('"port":80}');
  });

  test('let in from outside none but the route’s gateway, and who takes the metrics', () => {
    const policies = production.filter(
      ({ kind }) => kind === 'NetworkPolicy',
    ) as Resource<Policy>[];
    const outside = policies.flatMap(({ metadata, spec }) =>
      (spec.ingress ?? []).flatMap(({ from }) =>
        (from ?? [{ namespaceSelector: { matchLabels: { everywhere: '' } } }]).flatMap((peer) => {
          const names = Object.values(peer.namespaceSelector?.matchLabels ?? {});
          return names.map((name) => `${name} → ${metadata.name}`);
        }),
      ),
    );
    expect(outside.toSorted()).toEqual([
      'gateways → api-gateway',
      'monitoring → api-gateway',
      'monitoring → core-service',
      'monitoring → otel-agent',
      'monitoring → otel-gateway',
    ]);
  });
});
