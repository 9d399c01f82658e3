/** The rules of the Instrumentation Score about metrics, and about the level at which an attribute stands. */
import type { RegistryFacts } from './registry.ts';
import type { Rule } from './rule.ts';
import type { MetricSeen, TypedAttributes } from './signals.ts';

const MAX_VALUES = 10_000;
/** The units of UCUM that software measures in, and what a name would call them. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  s: ['second', 'seconds', 'secs'],
  ms: ['millisecond', 'milliseconds', 'millis', 'ms'],
  us: ['microsecond', 'microseconds', 'micros'],
  ns: ['nanosecond', 'nanoseconds', 'nanos'],
  min: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  By: ['byte', 'bytes'],
  KiBy: ['kibibytes', 'kilobytes'],
  MiBy: ['mebibytes', 'megabytes'],
  '%': ['percent', 'percentage'],
  Hz: ['hertz'],
  1: [],
};
/** In curly brackets UCUM has annotations, which are without a dimension. */
const ANNOTATION = /^\{[!-z|~]+\}$/;

function isUcum(unit: string): boolean {
  return unit
    .split('/')
    .every(
      (part) => ANNOTATION.test(part) || Object.hasOwn(UNITS, part.replace(/\{[!-z|~]*\}$/, '')),
    );
}

const once = (found: readonly string[]): string[] => [...new Set(found)];

/** @returns the metrics of which not all series agree on what `of` returns */
function differing(metrics: readonly MetricSeen[], of: (metric: MetricSeen) => readonly string[]) {
  const seen = new Map<string, Set<string>>();
  for (const metric of metrics) {
    const values = seen.get(metric.name) ?? new Set();
    for (const value of of(metric)) values.add(value);
    seen.set(metric.name, values);
  }
  return [...seen].flatMap(([name, values]) =>
    values.size > 1 ? [`${name}: ${[...values].join(' and ')}`] : [],
  );
}

export const METRIC_RULES: readonly Rule[] = [
  {
    id: 'MET-001',
    impact: 'Important',
    says: `a label has fewer than ${MAX_VALUES} values`,
    breaches: ({ metrics }) => {
      const values = new Map<string, Set<string>>();
      for (const { name, points } of metrics) {
        for (const [key, { value }] of points.flatMap((each) => Object.entries(each.attributes))) {
          const label = `${key} of ${name}`;
          values.set(label, (values.get(label) ?? new Set()).add(String(value)));
        }
      }
      return [...values].flatMap(([label, all]) => (all.size < MAX_VALUES ? [] : [label]));
    },
  },
  {
    id: 'MET-002',
    impact: 'Important',
    says: 'metrics have a unit of UCUM',
    breaches: ({ metrics }) =>
      once(
        metrics.flatMap(({ name, unit }) =>
          unit !== '' && isUcum(unit) ? [] : [`${name}: "${unit}"`],
        ),
      ),
  },
  {
    id: 'MET-003',
    impact: 'Important',
    says: 'a metric has one unit',
    breaches: ({ metrics }) => differing(metrics, ({ unit }) => [unit]),
  },
  {
    id: 'MET-004',
    impact: 'Normal',
    says: 'a histogram has the same buckets everywhere',
    breaches: ({ metrics }) =>
      differing(
        metrics.filter(({ instrument }) => instrument === 'histogram'),
        ({ points }) => points.map(({ bounds }) => bounds.join()),
      ),
  },
  {
    id: 'MET-005',
    impact: 'Normal',
    says: 'the name of a metric does not say its unit',
    breaches: ({ metrics }) =>
      once(
        metrics.flatMap(({ name, unit }) =>
          name.split(/[._]/).some((part) => part === unit || UNITS[unit]?.includes(part))
            ? [`${name}: ${unit}`]
            : [],
        ),
      ),
  },
  {
    id: 'MET-006',
    impact: 'Important',
    says: 'no metric has the name of an attribute',
    breaches: ({ metrics }, { attributes }) =>
      once(metrics.flatMap(({ name }) => (Object.hasOwn(attributes, name) ? [name] : []))),
  },
];

/** Attributes that the conventions know, and at this level nowhere. */
function misplaced(
  { attributes: known }: RegistryFacts,
  attributes: TypedAttributes,
  level: 'entity' | 'span' | 'metric',
): string[] {
  return Object.keys(attributes).flatMap((name) => {
    const at = known[name]?.at;
    if (at === undefined || at.includes(level)) return [];
    // Only what belongs to a resource alone, or to all but a resource, is at a wrong level.
    const isOfResources = at.includes('entity');
    const isWrong = level === 'entity' ? !isOfResources : isOfResources && at.length === 1;
    return isWrong ? [`${name} at a ${level === 'entity' ? 'resource' : level}`] : [];
  });
}

export const LEVEL_RULES: readonly Rule[] = [
  {
    id: 'RES-004',
    impact: 'Important',
    says: 'attributes stand at the level that the conventions have for them',
    breaches: ({ spans, metrics }, conventions) =>
      once([
        ...[...spans, ...metrics].flatMap(({ resource }) =>
          misplaced(conventions, resource, 'entity'),
        ),
        ...spans.flatMap(({ attributes }) => misplaced(conventions, attributes, 'span')),
        ...metrics
          .flatMap(({ points }) => points)
          .flatMap(({ attributes }) => misplaced(conventions, attributes, 'metric')),
      ]),
  },
];
