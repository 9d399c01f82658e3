import type { JaegerSpan, JaegerTrace } from './jaeger-json.ts';

/** The attributes of a span that the tree shows, in this order. */
const SHOWN = [
  'http.response.status_code',
  'error.type',
  'aura.error.reason',
  'aura.error.part',
  'aura.negotiation.outcome',
  'aura.negotiation.round',
  'aura.negotiation.bid',
  'aura.negotiation.ask',
  'aura.negotiation.price',
  'aura.negotiation.strategy',
  'aura.negotiation.fallback',
  'aura.search.results',
  'aura.search.fallback',
  'gen_ai.provider.name',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
];

export interface SpanNode {
  readonly span: JaegerSpan;
  readonly service: string;
  readonly children: readonly SpanNode[];
}

/** @returns the attributes of a span by name */
export function tagsOf(span: JaegerSpan): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(span.tags.map(({ key, value }) => [key, value]));
}

/** @returns the spans without a parent in this trace, each with what is below it, in order of time */
export function spanForest(trace: JaegerTrace): SpanNode[] {
  const ids = new Set(trace.spans.map((span) => span.spanID));
  const parentOf = (span: JaegerSpan): string | undefined => {
    const parent = span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
    return parent !== undefined && ids.has(parent) ? parent : undefined;
  };
  const below = (parent: string | undefined): SpanNode[] =>
    trace.spans
      .filter((span) => parentOf(span) === parent)
      .toSorted((a, b) => a.startTime - b.startTime)
      .map((span) => ({
        span,
        service: trace.processes[span.processID]?.serviceName ?? '?',
        children: below(span.spanID),
      }));
  return below(undefined);
}

/** @returns the trace as text, a line a span: service, name, duration, error, our key attributes */
export function formatTree(trace: JaegerTrace): string {
  const lines: string[] = [];
  const draw = (nodes: readonly SpanNode[], indent: string): void => {
    for (const [i, { span, service, children }] of nodes.entries()) {
      const last = i === nodes.length - 1;
      const branch = indent === '' ? '' : `${indent.slice(0, -3)}${last ? ' └ ' : ' ├ '}`;
      lines.push(`${service.padEnd(13)} ${branch}${describe(span)}`);
      const rail = indent === '' ? '' : indent.slice(0, -3) + (last ? '   ' : ' │ ');
      draw(children, `${rail}   `);
    }
  };
  draw(spanForest(trace), '');
  return `trace ${trace.traceID}\n${lines.join('\n')}`;
}

function describe(span: JaegerSpan): string {
  const tags = tagsOf(span);
  const shown = SHOWN.filter((key) => tags[key] !== undefined).map((key) => {
    const name = key.split('.').slice(-1)[0];
    return `${name}=${tags[key]}`;
  });
  const duration = `${(span.duration / 1_000).toFixed(1)} ms`;
  return [span.operationName, duration, ...(tags['error'] ? ['ERROR'] : []), ...shown].join('  ');
}
