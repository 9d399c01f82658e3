/** Holds spans against what the conventions ask of a span of its kind. */
import type { Registries } from './check-attributes.ts';
import { checkAttributes } from './check-attributes.ts';
import type { Findings } from './findings.ts';
import type { SpanSeen } from './signals.ts';

/** How a span is known for what it is, and the kinds of the conventions that it has to satisfy, each of them. */
const KINDS: readonly (readonly [kind: string, has: string, of: readonly string[]])[] = [
  ['server', 'mcp.method.name', ['span.mcp.server']],
  ['server', 'rpc.system.name', ['span.rpc.call.server', 'span.rpc.grpc.call.server']],
  ['client', 'rpc.system.name', ['span.rpc.call.client', 'span.rpc.grpc.call.client']],
  ['client', 'db.system.name', ['span.db.client', 'span.db.postgresql.client']],
  ['server', 'http.request.method', ['span.http.server']],
  ['client', 'http.request.method', ['span.http.client']],
];
const GEN_AI: Readonly<Record<string, string>> = {
  chat: 'span.gen_ai.inference.client',
  embeddings: 'span.gen_ai.embeddings.client',
};

export function checkSpans(
  registries: Registries,
  spans: readonly SpanSeen[],
  findings: Findings,
): void {
  for (const span of spans) {
    const { service, name, resource, attributes, events } = span;
    const place = `${service} ${span.kind} span ${name}`;
    findings.checked.spans.add(name);
    checkAttributes(registries, resource, `resource of ${service}`, findings);
    checkAttributes(registries, attributes, place, findings);
    for (const event of events) {
      checkAttributes(registries, event.attributes, `event ${event.name} of ${place}`, findings);
    }
    const kinds = kindsOf(span);
    if (kinds.length > 0) for (const kind of kinds) checkKind(registries, span, kind, findings);
    else checkOurs(registries, span, place, findings);
  }
}

function kindsOf({ kind, attributes }: SpanSeen): readonly string[] {
  const operation = String(attributes['gen_ai.operation.name']?.value);
  const found = KINDS.find(([wanted, has]) => wanted === kind && has in attributes);
  if (found) return found[2];
  const genAi = kind === 'client' ? GEN_AI[operation] : undefined;
  return genAi === undefined ? [] : [genAi];
}

/** Of the conditions that the registry says in words, these two can be told from the span itself. */
const CONDITIONS: Readonly<Record<string, (span: SpanSeen) => boolean>> = {
  'error.type': ({ isError }) => isError,
  'server.port': ({ attributes }) => 'server.address' in attributes,
};

function checkKind(
  { conventions }: Registries,
  span: SpanSeen,
  id: string,
  findings: Findings,
): void {
  const facts = conventions.spans[id];
  if (facts === undefined) throw new Error(`the conventions have no ${id}`);
  const conditional = facts.conditional.filter((name) => CONDITIONS[name]?.(span));
  for (const name of [...facts.required, ...conditional]) {
    if (!(name in span.attributes))
      findings.add(`${id} without ${name}`, `${span.service} ${span.name}`);
  }
}

/** A span that is none of theirs is in our registry, with its kind and what it requires. */
function checkOurs({ ours }: Registries, span: SpanSeen, place: string, findings: Findings): void {
  const facts = ours.spans.find(({ annotations }) => annotations.aura.name === span.name);
  if (facts === undefined) return findings.add(`span ${span.name} is in no registry`, place);
  if (facts.span_kind !== span.kind) {
    findings.add(`span ${span.name} is ${span.kind}, not ${facts.span_kind}`, place);
  }
  for (const { ref, requirement_level: level } of facts.attributes ?? []) {
    if (level === 'required' && !(ref in span.attributes)) {
      findings.add(`${facts.id} without ${ref}`, place);
    }
  }
  if (span.isError && !('error.type' in span.attributes)) {
    findings.add(`${facts.id} without error.type`, place);
  }
}
