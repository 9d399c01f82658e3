/** Reads the YAML of OpenTelemetry's registry, which is written in two formats, as groups of one kind. */
import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';

export interface Deprecation {
  readonly note?: string;
  readonly reason: string;
  readonly renamed_to?: string;
}
/** `required`, `recommended`, `opt_in`, or one of these or `conditionally_required` with a condition in words. */
export type Level = string | Readonly<Record<string, string>>;
export interface Entry {
  readonly id?: string;
  readonly ref?: string;
  readonly ref_group?: string;
  readonly type?: string | { readonly members: readonly { readonly value: string | number }[] };
  readonly deprecated?: Deprecation;
  readonly requirement_level?: Level;
}
export interface Group {
  readonly id: string;
  readonly type: 'attribute_group' | 'span' | 'metric' | 'event' | 'entity';
  readonly extends?: string;
  readonly attributes?: readonly Entry[];
  readonly span_kind?: string;
  readonly metric_name?: string;
  readonly instrument?: string;
  readonly unit?: string;
  readonly deprecated?: Deprecation;
}

type Loose = Omit<Group, 'id' | 'type' | 'extends'> & {
  readonly id?: string;
  readonly name?: string;
  readonly type?: string;
  readonly kind?: string;
  readonly ref?: string;
};
interface Newer {
  readonly groups?: readonly Group[];
  readonly attributes?: readonly (Entry & { readonly key: string })[];
  readonly attribute_groups?: readonly Loose[];
  readonly spans?: readonly Loose[];
  readonly span_refinements?: readonly Loose[];
  readonly metrics?: readonly Loose[];
  readonly metric_refinements?: readonly Loose[];
  readonly events?: readonly Loose[];
}

/** @param path of a clone, in which git finds the commit */
export function readGroups(path: string, commit: string): Group[] {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', path, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const files = git('ls-tree', '-r', '--name-only', commit, 'model').split('\n');
  return files
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => groupsOf(parse(git('show', `${commit}:${file}`)) as Newer, file));
}

function groupsOf(file: Newer, path: string): Group[] {
  const { groups = [], attributes = [], attribute_groups: sets = [] } = file;
  const { spans = [], metrics = [], events = [] } = file;
  const { span_refinements: spanRefinements = [], metric_refinements: metricRefinements = [] } =
    file;
  const defined = attributes.map((each) => ({ ...each, id: each.key }));
  return [
    ...groups,
    { id: `attributes of ${path}`, type: 'attribute_group', attributes: defined },
    ...sets.map((each) => as('attribute_group', each, String(each.id))),
    ...spans.map((each) => ({
      ...as('span', each, `span.${each.type}`),
      ...(each.kind !== undefined && { span_kind: each.kind }),
    })),
    ...spanRefinements.map((each) => refined('span', each)),
    ...metrics.map((each) => ({
      ...as('metric', each, `metric.${each.name}`),
      metric_name: String(each.name),
    })),
    ...metricRefinements.map((each) => refined('metric', each)),
    ...events.map((each) => as('event', each, `event.${each.name}`)),
  ];
}

function as(type: Group['type'], { ref: _ref, ...group }: Loose, id: string): Group {
  return { ...group, id, type };
}

function refined(type: 'span' | 'metric', group: Loose): Group {
  return { ...as(type, group, String(group.id)), extends: `${type}.${group.ref}` };
}
