/** The manifests of deploy/kubernetes as data: what stands in the files, or what kustomize makes of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const KUBERNETES = join(import.meta.dirname, '../../deploy/kubernetes');

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: {
      readonly name: string;
      readonly key: string;
      readonly optional?: boolean;
    };
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly periodSeconds: number;
  readonly failureThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly terminationGracePeriodSeconds: number;
}

export interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

/** Any resource; what a test needs of its `spec` it names itself. */
export interface Resource<Spec = unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Spec;
  readonly data?: Readonly<Record<string, string>>;
}

export function parseResources(text: string): Resource[] {
  const documents = parseAllDocuments(text);
  return documents.map((each) => each.toJS() as Resource).filter((each) => each !== null);
}

/** @param path below deploy/kubernetes */
export function readResources(path: string): Resource[] {
  return parseResources(readFileSync(join(KUBERNETES, path), 'utf8'));
}

/** @throws when there is none, or are several */
export function oneOf<Spec>(
  resources: readonly Resource[],
  kind: string,
  name: string,
): Resource<Spec> {
  const [found, ...others] = resources.filter(
    (each) => each.kind === kind && each.metadata.name === name,
  );
  if (!found || others.length > 0) throw new Error(`there is not one ${kind} ${name}`);
  return found as Resource<Spec>;
}

/** The template of the pods that a Deployment, a DaemonSet, a StatefulSet or a Job starts. */
export function podOf(resource: Resource): Pod | undefined {
  return (resource.spec as { readonly template?: Pod } | undefined)?.template;
}

/** A file of lines NAME=value, as kustomize reads it. */
export function readEnvFile(path: string): Record<string, string> {
  const lines = readFileSync(join(KUBERNETES, path), 'utf8').split('\n');
  const entries = lines.filter((line) => /^[A-Z]/.test(line));
  return Object.fromEntries(
    entries.map((line) => {
      const [name = '', ...rest] = line.split('=');
      return [name, rest.join('=')];
    }),
  );
}
