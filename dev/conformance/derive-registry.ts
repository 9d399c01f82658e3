/**
 * Makes registry.json of OpenTelemetry's registry of semantic conventions: what each attribute, metric and span
 * is, as far as a load can be held against it. It reads a clone of open-telemetry/semantic-conventions at one
 * commit, whose hash is the checksum of all that it reads:
 *
 *     node dev/conformance/derive-registry.ts /where/the/clone/is
 */
import { writeFileSync } from 'node:fs';
import { publishedDeprecations, publishedNames } from './published.ts';
import type { Deprecation, Entry, Group, Level } from './read-model.ts';
import { readGroups } from './read-model.ts';
import type { AttributeFacts, MetricFacts, RegistryFacts, SpanFacts } from './registry.ts';
import { REGISTRY_FILE } from './registry.ts';

/**
 * The newest state before version 1.45.0 that could be had. What became deprecated between the two is known by
 * the npm package of that version, and conformance.test.ts holds all names against it.
 */
const COMMIT = '384d66161cb18704c729645fa8136a148df9571c';
const VERSION = '1.45.0';
/** What a group says of itself that has gone to the repository of the conventions on generative AI. */
const MOVED = /^\s*Moved to the \[OpenTelemetry GenAI semantic conventions repository\]/;

const [clone] = process.argv.slice(2);
if (clone === undefined) {
  console.error('usage: node dev/conformance/derive-registry.ts CLONE');
  process.exit(1);
}
const groups = readGroups(clone, COMMIT);
const names = publishedNames('ATTR_');
const deprecations = publishedDeprecations('attributes');
const byId = new Map(groups.map((group) => [group.id, group]));
const facts: RegistryFacts = {
  source: 'https://github.com/open-telemetry/semantic-conventions, model/**/*.yaml',
  version: VERSION,
  commit: COMMIT,
  license:
    'Apache-2.0, Copyright The OpenTelemetry Authors; shortened to names, types, units and levels',
  attributes: attributes(),
  metrics: metrics(),
  spans: spans(),
};
writeFileSync(REGISTRY_FILE, `${linePerEntry(facts)}\n`);
const counts = [facts.attributes, facts.metrics, facts.spans].map(
  (each) => Object.keys(each).length,
);
console.log(`${counts[0]} attributes, ${counts[1]} metrics, ${counts[2]} kinds of spans`);

/** Returns the levels of a group's attributes, those of the groups that it extends under its own. */
function levelsOf(group: Group): Map<string, Level> {
  const levels = new Map(group.extends === undefined ? [] : levelsOf(groupOf(group.extends)));
  for (const { id, ref, ref_group: set, requirement_level: level } of group.attributes ?? []) {
    if (set !== undefined) {
      for (const [name, each] of levelsOf(groupOf(set))) levels.set(name, each);
      continue;
    }
    const name = ref ?? id ?? '';
    levels.set(name, level ?? levels.get(name) ?? 'recommended');
  }
  return levels;
}

function groupOf(id: string): Group {
  const group = byId.get(id);
  if (group === undefined) throw new Error(`the registry refers to ${id}, which it has not`);
  return group;
}

function withLevel(group: Group, wanted: (level: Level) => boolean): string[] {
  return [...levelsOf(group)]
    .filter(([, level]) => wanted(level))
    .map(([name]) => name)
    .toSorted();
}

function attributes(): Record<string, AttributeFacts> {
  const places = new Map<string, Set<string>>();
  for (const group of groups.filter(({ type }) => type !== 'attribute_group')) {
    for (const name of levelsOf(group).keys()) {
      places.set(name, (places.get(name) ?? new Set()).add(group.type));
    }
  }
  const defined = groups.flatMap((group) => group.attributes ?? []);
  const known = new Set(defined.map(({ id }) => id));
  // Of those that the release has added the package says no type.
  const added = [...names]
    .filter((name) => !known.has(name))
    .map((name) => [name, { type: 'any' }] as const);
  return byName<AttributeFacts>([
    ...added,
    ...defined.flatMap(({ id, type, deprecated }) => {
      if (id === undefined || type === undefined) return [];
      const marks = deprecated ? gone(deprecated) : goneSince(id, typeName(type));
      return [[id, { type: typeName(type), ...at(places.get(id)), ...marks }] as const];
    }),
  ]);
}

function at(places: Set<string> | undefined): { readonly at?: readonly string[] } {
  return places === undefined ? {} : { at: [...places].toSorted() };
}

/** An open set of values has the type of its members. */
function typeName(type: NonNullable<Entry['type']>): string {
  if (typeof type === 'string') return type;
  return typeof type.members[0]?.value === 'number' ? 'int' : 'string';
}

function metrics(): Record<string, MetricFacts> {
  const since = publishedDeprecations('metrics');
  const found = groups.flatMap((group): readonly (readonly [string, MetricFacts])[] => {
    const { type, metric_name: name, instrument, unit } = group;
    if (type !== 'metric' || !name || instrument === undefined || unit === undefined) return [];
    const made = { instrument, unit, required: withLevel(group, (level) => level === 'required') };
    const note = since.get(name);
    if (group.deprecated || note === undefined)
      return [[name, { ...made, ...gone(group.deprecated) }]];
    const [, renamed] = /^Replaced by `([^`]+)`\.$/.exec(note) ?? [];
    return [[name, { ...made, deprecated: note }], ...(renamed ? [[renamed, made] as const] : [])];
  });
  return byName(found);
}

function spans(): Record<string, SpanFacts> {
  return byName(
    groups.flatMap((group) => {
      if (group.type !== 'span' || group.span_kind === undefined) return [];
      const required = withLevel(group, (level) => level === 'required');
      const conditional = withLevel(
        group,
        (level) => typeof level === 'object' && 'conditionally_required' in level,
      );
      return [
        [
          group.id,
          { kind: group.span_kind, required, conditional, ...gone(group.deprecated) },
        ] as const,
      ];
    }),
  );
}

/** What has moved is as it was; what is deprecated has something else in its place, or nothing. */
function gone(deprecated: Deprecation | undefined): { moved?: true; deprecated?: string } {
  if (deprecated === undefined) return {};
  const { note = '', reason, renamed_to: other } = deprecated;
  if (MOVED.test(note)) return { moved: true };
  return { deprecated: other === undefined ? note.trim() || reason : `use ${other}` };
}

/** What the release has changed since the state that is read here. */
function goneSince(name: string, type: string): { deprecated?: string } {
  const note = deprecations.get(name);
  if (note !== undefined) return { deprecated: note };
  if (names.has(name) || type.startsWith('template')) return {};
  return { deprecated: `it is not in ${VERSION}` };
}

function byName<Facts>(entries: readonly (readonly [string, Facts])[]): Record<string, Facts> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON with a line for each name, so that a new version of the conventions can be read as a diff. */
function linePerEntry(all: RegistryFacts): string {
  const parts = Object.entries(all).map(([key, value]) => {
    if (typeof value === 'string') return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const lines = Object.entries(value).map(
      ([name, each]) => `    ${JSON.stringify(name)}: ${JSON.stringify(each)}`,
    );
    return `${JSON.stringify(key)}: {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n  ${parts.join(',\n  ')}\n}`;
}
