/** The dashboards and rules of deploy/ and the runbooks of docs/ agree with each other, and with the code. */
import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DASHBOARDS, QUERIES } from '../observability/dashboards.ts';
import { metricsIn, unique } from './docs-variables.ts';
import { anchorsOf, FILES, read, ROOT } from './docs.ts';

const RULES = globSync('deploy/prometheus/rules/*.yml', { cwd: ROOT }).map(read).join('\n');
const TESTS = globSync('deploy/prometheus/tests/*.yml', { cwd: ROOT }).map(read).join('\n');
const ALERTS = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
const RECORDED = new Set([...RULES.matchAll(/- record: (\S+)/g)].map(([, name]) => name));
const RUNBOOKS = [...RULES.matchAll(/runbook_url: (\S+)/g)].map(([, url = '']) => url);

/** Metrics of the libraries, of Prometheus itself and of Jaeger. */
const OF_OTHERS = /^(?:otel_sdk|nodejs|v8js|otelcol)_|^(?:up|scrape_\w+|job|le|instance)$/;
/** Words of PromQL, beside functions. */
const WORDS = new Set([
  'sum',
  'by',
  'on',
  'or',
  'unless',
  'offset',
  'and',
  'max',
  'avg',
  'count',
  'group_left',
  'without',
]);

test('each alert has a test in which it fires, and a runbook that exists, and each runbook an alert', () => {
  expect(ALERTS.length).toBeGreaterThan(15);
  for (const name of ALERTS) expect(TESTS).toContain(`alertname="${name}"`);
  expect(RUNBOOKS).toHaveLength(ALERTS.length);
  const [, ...sections] = anchorsOf(read('docs/runbooks.md'));
  expect(unique(RUNBOOKS)).toEqual(
    sections.map((anchor) => `docs/runbooks.md#${anchor}`).toSorted(),
  );
});

test('rules and panels ask for metrics that there are', () => {
  const services = FILES.filter((path) => /^(api-gateway|core-service)\/src\/.*\.ts$/.test(path));
  const made = services.flatMap((path) => metricsIn(read(path)));
  const known = new Set(made.map((name) => name.replaceAll('.', '_')));
  const queries = [...QUERIES.map(([, expression]) => expression), ...expressionsIn(RULES)];
  const unknown = unique(queries.flatMap(metricsAskedFor)).filter(
    (name) =>
      !known.has(name.replace(/_(?:total|bucket|sum|count)$/, '')) &&
      !known.has(name) &&
      !RECORDED.has(name) &&
      !OF_OTHERS.test(name),
  );
  expect(queries.length).toBeGreaterThan(100);
  expect(unknown).toEqual([]);
});

describe.each(DASHBOARDS)('the dashboard %s', (file, dashboard) => {
  const { uid, title, tags, editable, templating, panels } = dashboard;

  test('has a name that stays, and leaves the data source to whoever looks', () => {
    expect(uid).toBe(`aura-${file.replace('.json', '')}`);
    expect(title).toMatch(/^Aura: /);
    expect({ tags, editable }).toEqual({ tags: ['aura'], editable: false });
    expect(templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    for (const { datasource } of panels) expect(datasource.uid).toBe('${datasource}');
  });

  test('says of each panel what it means, in which unit', () => {
    expect(unique(panels.map((panel) => panel.title))).toHaveLength(panels.length);
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, i) => i + 1));
    for (const { description = '', fieldConfig, gridPos, targets } of panels) {
      expect(description).toMatch(/.{15,}\.$/s);
      expect(fieldConfig.defaults.unit).toMatch(/^[a-zA-Z]/);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect(targets.length).toBeGreaterThan(0);
    }
  });
});

/** The expressions of a file of rules: what stands behind `expr:`, on its line or below it. */
function expressionsIn(rules: string): string[] {
  return [...rules.matchAll(/expr: (?:\|\n((?: {10,}.*\n)+)|(.+))/g)].map(
    ([, block, line]) => block ?? line ?? '',
  );
}

/** The names of an expression that are no function, no label and no word of the language. */
function metricsAskedFor(expression: string): string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(?:by|on|group_left) \([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/(?<![\w:.])[a-z_][\w:]*(?!\w*\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}
