/** The rules of the Instrumentation Score about resources, spans and log records. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from './rule.ts';
import type { Signals, SpanSeen, TypedAttributes } from './signals.ts';

const MAX_INTERNAL_SPANS = 10;
const MAX_SHORT_SPANS = 20;
const SHORT_MS = 5;
const SDK_MANIFEST = join(
  import.meta.dirname,
  '../../api-gateway/node_modules/@opentelemetry/sdk-node/package.json',
);

interface Sender {
  readonly service: string;
  readonly resource: TypedAttributes;
}
const sendersOf = ({ spans, metrics, logs }: Signals): readonly Sender[] => [
  ...spans,
  ...metrics,
  ...logs,
];
const once = (found: readonly string[]): string[] => [...new Set(found)];
const valueOf = ({ resource }: Sender, name: string): unknown => resource[name]?.value;

function without(name: string): Rule['breaches'] {
  return (signals) =>
    once(
      sendersOf(signals).flatMap((each) => {
        const value = valueOf(each, name);
        return typeof value === 'string' && value !== '' ? [] : [each.service || 'no service'];
      }),
    );
}

export const RESOURCE_RULES: readonly Rule[] = [
  {
    id: 'RES-001',
    impact: 'Normal',
    says: 'service.instance.id is there',
    breaches: without('service.instance.id'),
  },
  {
    id: 'RES-002',
    impact: 'Important',
    says: 'service.instance.id is that of one process',
    breaches: (signals) => {
      const processes = new Map<unknown, string>();
      const shared = sendersOf(signals).flatMap((each) => {
        const id = valueOf(each, 'service.instance.id');
        const process = `${each.service} ${String(valueOf(each, 'process.pid'))}`;
        const first = processes.get(id) ?? process;
        processes.set(id, first);
        return first === process ? [] : [`${first} and ${process}`];
      });
      return once(shared);
    },
  },
  {
    id: 'RES-005',
    impact: 'Critical',
    says: 'service.name is there',
    breaches: without('service.name'),
  },
  {
    id: 'SDK-001',
    impact: 'Low',
    says: 'the SDK supports the runtime',
    breaches: (signals) =>
      once(sendersOf(signals).flatMap((each) => (isSupported(each) ? [] : [each.service]))),
  },
];

/** The SDK says in its manifest which versions of Node it supports. */
function isSupported(sender: Sender): boolean {
  const { engines } = JSON.parse(readFileSync(SDK_MANIFEST, 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  const [major = 0, minor = 0] = numbersOf(String(valueOf(sender, 'process.runtime.version')));
  return engines.node.split('||').some((range) => {
    const [, sign = '', wanted = ''] = /(\^|>=)\s*([\d.]+)/.exec(range) ?? [];
    const [atMajor = Infinity, atMinor = 0] = numbersOf(wanted);
    if (major === atMajor) return minor >= atMinor;
    return sign === '>=' && major > atMajor;
  });
}

const numbersOf = (version: string): number[] => version.split('.').map(Number);

/** @returns `trace of service` for each group of spans that has more than `most` */
function tooMany(
  spans: readonly SpanSeen[],
  groupOf: (span: SpanSeen) => string,
  most: number,
): string[] {
  const counts = new Map<string, number>();
  for (const span of spans) counts.set(groupOf(span), (counts.get(groupOf(span)) ?? 0) + 1);
  return [...counts].flatMap(([group, count]) => (count > most ? [`${group}: ${count}`] : []));
}

export const SPAN_RULES: readonly Rule[] = [
  {
    id: 'SPA-001',
    impact: 'Normal',
    says: `a trace has at most ${MAX_INTERNAL_SPANS} INTERNAL spans of a service`,
    breaches: ({ spans }) =>
      tooMany(
        spans.filter(({ kind }) => kind === 'internal'),
        ({ traceId, service }) => `${traceId} of ${service}`,
        MAX_INTERNAL_SPANS,
      ),
  },
  {
    id: 'SPA-002',
    impact: 'Normal',
    says: 'no span is an orphan',
    breaches: ({ spans }) => {
      const known = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
      return spans.flatMap(({ service, name, traceId, parentSpanId: parent }) =>
        parent === undefined || known.has(`${traceId} ${parent}`) ? [] : [`${service} ${name}`],
      );
    },
  },
  {
    id: 'SPA-004',
    impact: 'Important',
    says: 'no root span is a CLIENT span',
    breaches: ({ spans }) =>
      spans.flatMap(({ service, name, kind, parentSpanId }) =>
        kind === 'client' && parentSpanId === undefined ? [`${service} ${name}`] : [],
      ),
  },
  {
    id: 'SPA-005',
    impact: 'Important',
    says: `a trace has at most ${MAX_SHORT_SPANS} spans of less than ${SHORT_MS} ms`,
    breaches: ({ spans }) =>
      tooMany(
        spans.filter(({ durationMs }) => durationMs < SHORT_MS),
        ({ traceId }) => traceId,
        MAX_SHORT_SPANS,
      ),
  },
];

export const LOG_RULES: readonly Rule[] = [
  {
    id: 'LOG-002',
    impact: 'Important',
    says: 'log records have their severity',
    breaches: ({ logs }) =>
      once(
        logs.flatMap(({ service, eventName, severityNumber, severityText }) =>
          severityNumber > 0 && severityText !== 'UNSET' ? [] : [`${service} ${eventName}`],
        ),
      ),
  },
];
