/**
 * This check fails on a name of telemetry in the code that nobody has defined: what begins with `aura.` has to
 * be in the registry, and what begins like a name of OpenTelemetry's conventions in the version of them that
 * the catalog pins, and not be deprecated there. It also fails on an entry of the registry that nothing uses.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { readRegistry } from './telemetry-registry.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['api-gateway/src', 'core-service/src', 'dev/traces'];
/** Names that only look like those of telemetry: packages, and the provider that our own embedder is. */
const NOT_OURS = new Set(['aura.example', 'aura.local', 'aura.negotiation.v1']);
/** Tracers and meters are called by the part of a service that uses them. */
const SCOPE = /^aura\.(?:core|gateway|admission|exports|llm|embeddings)(?:\.[a-z]+)?$/;
/** OpenTelemetry's groups of which the services use names. */
const STANDARD =
  /^(?:client|db|error|exception|gen_ai|http|jsonrpc|mcp|network|rpc|server|service|url|user_agent)\./;
/** Names that the instrumentations give and we take away. */
const OTHERS = new Set([
  'rpc.system',
  'rpc.service',
  'rpc.grpc.status_code',
  'db.postgresql.plan',
  'gen_ai.usage.total_tokens',
]);
const LITERAL = /'([a-z][a-z_]*(?:\.[a-z][a-z0-9_]*)+)'/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

const registry = readRegistry();
const ours = new Set([
  ...registry.attributes.map(({ id }) => id),
  ...registry.metrics.map(({ metric_name: name }) => name),
]);
const standard = new Set<string>(
  Object.entries(incubating).flatMap(([key, value]) =>
    /^(?:ATTR|METRIC|EVENT)_/.test(key) && typeof value === 'string' ? [value] : [],
  ),
);

/** The names that the conventions call deprecated, as the declarations of the package say. */
function deprecatedNames(): Set<string> {
  const main = createRequire(import.meta.url).resolve('@opentelemetry/semantic-conventions');
  const text = readFileSync(join(main, '../experimental_attributes.d.mts'), 'utf8');
  const found = text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*declare const ATTR_\w+: "([^"]+)"/g,
  );
  return new Set(
    [...found].flatMap(([, comment = '', name = '']) =>
      comment.includes('@deprecated') && !comment.includes('semantic-conventions-genai')
        ? [name]
        : [],
    ),
  );
}

function sources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  );
}

const problems: string[] = [];
const used = new Set<string>();
const spans = new Set<string>();
const deprecated = deprecatedNames();
for (const path of sources()) {
  const code = readFileSync(join(ROOT, path), 'utf8').replaceAll(COMMENT, '');
  for (const [, name = ''] of code.matchAll(LITERAL)) {
    if (path.startsWith('dev/')) continue;
    used.add(name);
  }
  for (const [, name = ''] of code.matchAll(LITERAL)) {
    const problem = problemOf(name);
    if (problem !== undefined) problems.push(`${path}: ${name} ${problem}`);
  }
  for (const { annotations } of registry.spans) {
    if (code.includes(`'${annotations.aura.name}'`)) spans.add(annotations.aura.name);
  }
}

function problemOf(name: string): string | undefined {
  if (name.startsWith('aura.')) {
    const isKnown = ours.has(name) || NOT_OURS.has(name) || SCOPE.test(name);
    return isKnown ? undefined : 'is not in the registry, proto/telemetry/*.yaml';
  }
  if (!STANDARD.test(name) || OTHERS.has(name)) return undefined;
  if (deprecated.has(name)) return 'is deprecated in the conventions';
  return standard.has(name) ? undefined : 'is not in the conventions';
}

for (const name of ours) {
  if (!used.has(name)) problems.push(`the registry has ${name}, which no service uses`);
}
for (const { annotations } of registry.spans) {
  const { name } = annotations.aura;
  if (!spans.has(name)) problems.push(`the registry has the span ${name}, which no service makes`);
}
for (const { ref } of registry.personal) {
  if (!standard.has(ref)) problems.push(`the registry has ${ref}, which is not in the conventions`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
