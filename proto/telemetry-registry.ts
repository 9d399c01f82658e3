/** Reads the registry of our telemetry, which is in the format of OpenTelemetry's semantic conventions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FOLDER = join(import.meta.dirname, 'telemetry');

export interface Attribute {
  readonly id: string;
  readonly type: string | { readonly members: readonly { readonly value: string }[] };
  readonly brief: string;
  readonly stability: string;
  readonly annotations: { readonly aura: { readonly set_by: string; readonly personal: string } };
}

interface Ref {
  readonly ref: string;
}

export interface Span {
  readonly id: string;
  readonly span_kind: string;
  readonly brief: string;
  readonly note?: string;
  readonly attributes?: readonly Ref[];
  readonly annotations: { readonly aura: { readonly name: string; readonly set_by: string } };
}

interface Metric {
  readonly metric_name: string;
  readonly instrument: string;
  readonly unit: string;
  readonly brief: string;
  readonly attributes?: readonly Ref[];
}

interface LogEventEntry {
  readonly name: string;
  readonly brief: string;
}

export interface Registry {
  readonly manifest: {
    readonly semconv_version: string;
    readonly dependencies: readonly { readonly name: string; readonly registry_path: string }[];
  };
  readonly attributes: readonly Attribute[];
  readonly spans: readonly Span[];
  readonly metrics: readonly Metric[];
  readonly events: readonly LogEventEntry[];
}

export const SPAN_KINDS: Readonly<Record<string, string>> = {
  internal: 'INTERNAL',
  server: 'SERVER',
  client: 'CLIENT',
};

/** @throws Error where a name stands twice, or one is referred to that there is not */
export function readRegistry(): Registry {
  const registry: Registry = {
    manifest: read('manifest.yaml') as Registry['manifest'],
    attributes: (groupsOf('attributes.yaml') as readonly Pick<Registry, 'attributes'>[]).flatMap(
      ({ attributes }) => attributes,
    ),
    spans: groupsOf('spans.yaml') as readonly Span[],
    metrics: groupsOf('metrics.yaml') as readonly Metric[],
    events: groupsOf('events.yaml') as readonly LogEventEntry[],
  };
  refuseDoubles(registry.attributes.map(({ id }) => id));
  refuseDoubles(registry.metrics.map(({ metric_name: name }) => name));
  refuseDoubles(registry.events.map(({ name }) => name));
  const known = new Set(registry.attributes.map(({ id }) => id));
  for (const { attributes = [] } of [...registry.spans, ...registry.metrics]) {
    for (const { ref } of attributes) {
      if (!known.has(ref)) throw new Error(`the registry refers to ${ref}, which it has not`);
    }
  }
  return registry;
}

function groupsOf(file: string): readonly unknown[] {
  return (read(file) as { readonly groups: readonly unknown[] }).groups;
}

function read(file: string): unknown {
  return parse(readFileSync(join(FOLDER, file), 'utf8'));
}

function refuseDoubles(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new Error(`the registry has ${twice} twice`);
}
