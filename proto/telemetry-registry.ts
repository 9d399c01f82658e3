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
  readonly annotations: { readonly aura: AttributeNote };
}

interface AttributeNote {
  readonly set_by: string;
  /** What it can hold of a person, or `none`. */
  readonly personal: string;
  /** What keeps that away. */
  readonly off?: string;
}

/** An attribute of OpenTelemetry's conventions that can be about a person. */
interface Personal extends Ref {
  readonly annotations: { readonly aura: AttributeNote };
}

interface Ref {
  readonly ref: string;
  /** `required`, `recommended`, or a condition in words. */
  readonly requirement_level?: string | Readonly<Record<string, string>>;
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
  readonly personal: readonly Personal[];
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
    attributes: attributesOf('attributes.yaml') as readonly Attribute[],
    spans: groupsOf('spans.yaml') as readonly Span[],
    metrics: groupsOf('metrics.yaml') as readonly Metric[],
    events: groupsOf('events.yaml') as readonly LogEventEntry[],
    personal: attributesOf('personal.yaml') as readonly Personal[],
  };
  refuseDoubles(registry.attributes.map(({ id }) => id));
  refuseDoubles(registry.metrics.map(({ metric_name: name }) => name));
  refuseDoubles(registry.events.map(({ name }) => name));
  refuseDoubles(registry.personal.map(({ ref }) => ref));
  for (const { annotations, ...each } of [...registry.attributes, ...registry.personal]) {
    const { personal, off } = annotations.aura;
    const name = 'id' in each ? each.id : each.ref;
    if ((personal === 'none') !== (off === undefined)) {
      throw new Error(
        `the registry says of ${name} what it can hold, or what keeps it away, alone`,
      );
    }
  }
  const known = new Set(registry.attributes.map(({ id }) => id));
  for (const { attributes = [] } of [...registry.spans, ...registry.metrics]) {
    for (const { ref } of attributes) {
      if (!known.has(ref)) throw new Error(`the registry refers to ${ref}, which it has not`);
    }
  }
  return registry;
}

function attributesOf(file: string): readonly unknown[] {
  const groups = groupsOf(file) as readonly { readonly attributes: readonly unknown[] }[];
  return groups.flatMap(({ attributes }) => attributes);
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
