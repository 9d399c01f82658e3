/**
 * Makes of the registry in telemetry/ what the code is typed by, telemetry.ts, and the tables between the
 * markers of docs/telemetry.md and docs/privacy.md. With `--check` nothing is written, and it fails where one of them is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPAN_KINDS, readRegistry } from './telemetry-registry.ts';
import type { Attribute, Registry, Span } from './telemetry-registry.ts';

const ROOT = join(import.meta.dirname, '..');
const registry = readRegistry();

const TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  int: 'number',
  double: 'number',
};

function typeOf({ type }: Attribute): string {
  if (typeof type === 'string') return TYPES[type] ?? 'never';
  return type.members.map(({ value }) => `'${value}'`).join(' | ');
}

function union(names: readonly string[]): string {
  return names.map((name) => `\n  | '${name}'`).join('');
}

function typesOf({ manifest, attributes, spans, metrics, events }: Registry): string {
  const fields = attributes.map((each) => {
    const comment = `  /** ${each.brief[0]?.toUpperCase()}${each.brief.slice(1)}. */`;
    return `${comment}\n  readonly '${each.id}'?: ${typeOf(each)};`;
  });
  const otel = manifest.dependencies.find(({ name }) => name === 'otel')?.registry_path ?? '';
  const conventions = /v(\d+\.\d+\.\d+)/.exec(otel)?.[1] ?? '';
  return `/** Made of telemetry/*.yaml by \`npx -y pnpm@12 telemetry:generate\`, and never edited. */

/** The version of the registry, which our instrumentation scopes have. */
export const TELEMETRY_VERSION = '${manifest.semconv_version}';

/** The version of OpenTelemetry's conventions that names beside ours are taken from, for the scopes. */
export const SCHEMA = { schemaUrl: 'https://opentelemetry.io/schemas/${conventions}' } as const;

/** The attributes that are ours, on spans and as labels of metrics. */
export type AuraAttributes = {
${fields.join('\n')}
};

/** The spans whose names are ours. */
export type AuraSpan =${union(spans.map(({ annotations }) => annotations.aura.name))};

/** The metrics that are ours. */
export type AuraMetric =${union(metrics.map(({ metric_name: name }) => name))};

/** The events of log lines. */
export type LogEvent =${union(events.map(({ name }) => name))};
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_cell, i) => Math.max(...all.map((row) => [...(row[i] ?? '')].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - [...cell].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function attributesTable(attributes: readonly Attribute[]): string {
  const rows = attributes.map((each) => {
    const { type, brief, annotations } = each;
    const values = typeof type === 'string' ? '' : `: ${type.members.map(quoted).join(', ')}`;
    const { set_by: where, personal } = annotations.aura;
    const kind = typeof type === 'string' ? type : 'string';
    return [`\`${each.id}\``, kind, where, brief + values, personal === 'none' ? '' : personal];
  });
  return table(['attribute', 'type', 'on', 'what it is', 'personal data'], rows);
}

function personalTable({ attributes, personal }: Registry): string {
  const ours = attributes.filter(({ annotations }) => annotations.aura.personal !== 'none');
  const all = [...ours.map(({ id, annotations }) => ({ ref: id, annotations })), ...personal];
  const rows = all.map(({ ref, annotations: { aura } }) => [
    `\`${ref}\``,
    aura.set_by,
    aura.personal,
    aura.off ?? '',
  ]);
  return table(['attribute', 'on', 'what it can hold', 'what keeps it away'], rows);
}

const quoted = ({ value }: { readonly value: string }): string => `\`${value}\``;

function spansTable(spans: readonly Span[]): string {
  const rows = spans.map(({ annotations, span_kind: kind, brief, note }) => {
    const { name, set_by: service } = annotations.aura;
    return [`\`${name}\``, service, SPAN_KINDS[kind] ?? kind, note ? `${brief} ${note}` : brief];
  });
  return table(['span of ours', 'at', 'kind', 'what it is about'], rows);
}

/** Puts a table between its markers. */
function withTable(text: string, name: string, rows: string): string {
  const [begin, end] = [`<!-- telemetry:${name} -->`, `<!-- /telemetry:${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no markers of ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${rows}\n\n${text.slice(to)}`;
}

const outputs: Readonly<Record<string, (text: string) => string>> = {
  'proto/telemetry.ts': () => typesOf(registry),
  'docs/telemetry.md': (text) =>
    withTable(
      withTable(text, 'attributes', attributesTable(registry.attributes)),
      'spans',
      spansTable(registry.spans),
    ),
  'docs/privacy.md': (text) => withTable(text, 'personal', personalTable(registry)),
};

const checks = process.argv.includes('--check');
for (const [name, make] of Object.entries(outputs)) {
  const path = join(ROOT, name);
  const committed = readFileSync(path, { encoding: 'utf8', flag: checks ? 'r' : 'a+' });
  const fresh = make(committed);
  if (fresh === committed) continue;
  if (!checks) writeFileSync(path, fresh);
  else {
    console.error(`${name} is stale; run: npx -y pnpm@12 telemetry:generate`);
    process.exitCode = 1;
  }
}
