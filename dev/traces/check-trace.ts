/** Holds a trace against its expected tree. */
import type { ExpectedSpan } from './trace-contract.ts';
import type { JaegerTrace } from '../trace-receiver/jaeger-json.ts';
import type { SpanNode } from '../trace-receiver/tree.ts';
import { spanForest, tagsOf } from '../trace-receiver/tree.ts';

export interface Check {
  /** Service and name of the span that the check is about; `trace` when it is about the whole. */
  readonly span: string;
  readonly ok: boolean;
  readonly what: string;
}

/** Microseconds by which a span may reach out of its parent, because clocks differ and round. */
const CLOCK_SLACK_US = 2_000;

/**
 * @returns one check for each fact; the trace is right when all are ok
 *
 * @param options.cutOff the client went away or the deadline passed: children may outlive parents
 */
export function checkTrace(
  trace: JaegerTrace,
  expected: ExpectedSpan,
  options: { readonly cutOff?: boolean } = {},
): Check[] {
  const roots = spanForest(trace);
  const names = roots.map((root) => root.span.operationName).join(', ');
  const checks: Check[] = [
    { span: 'trace', ok: roots.length === 1, what: `one root, no orphan (${names})` },
  ];
  const [root] = roots;
  if (root) checkSpan(root, expected, options, checks);
  return checks;
}

function checkSpan(
  node: SpanNode,
  expected: ExpectedSpan,
  options: { readonly cutOff?: boolean },
  checks: Check[],
): void {
  const { span, service, children } = node;
  const tags = tagsOf(span);
  const label = `${service} ${span.operationName}`;
  const check = (ok: boolean, what: string): void => void checks.push({ span: label, ok, what });

  check(service === expected.service, `service ${expected.service}`);
  check(fits(span.operationName, expected.name), `name ${expected.name}`);
  // Jaeger leaves the kind of an internal span out.
  check((tags['span.kind'] ?? 'internal') === expected.kind, `kind ${expected.kind}`);
  for (const [key, value] of Object.entries(expected.attributes ?? {})) {
    if (value !== undefined) check(fits(tags[key], value), `${key} ${value} (is ${tags[key]})`);
  }
  const failed = tags['error'] === true;
  if (expected.error === undefined) check(!failed, `no error (error.type ${tags['error.type']})`);
  else
    check(
      failed && fits(tags['error.type'], expected.error),
      `error.type ${expected.error} (is ${tags['error.type']})`,
    );
  const exceptions = span.logs.filter(({ fields }) =>
    fields.some(({ key, value }) => key === 'event' && value === 'exception'),
  );
  check(exceptions.length <= 1, `at most one exception (${exceptions.length})`);

  const wanted = expected.children ?? [];
  let next = 0;
  for (const child of wanted) {
    const candidate = children[next];
    if (candidate && fits(candidate.span.operationName, child.name)) {
      next++;
      if (!options.cutOff) {
        const end = ({ startTime, duration }: typeof span): number => startTime + duration;
        const inside =
          candidate.span.startTime >= span.startTime - CLOCK_SLACK_US &&
          end(candidate.span) <= end(span) + CLOCK_SLACK_US;
        check(inside, `${candidate.span.operationName} lies inside it`);
      }
      checkSpan(candidate, child, options, checks);
    } else if (!child.optional) {
      check(false, `child ${child.name} (there is ${candidate?.span.operationName ?? 'none'})`);
    }
  }
  const others = children.slice(next).map((child) => child.span.operationName);
  check(others.length === 0, `no other children (${others.join(', ')})`);
}

function fits(
  actual: string | number | boolean | undefined,
  wanted: string | number | boolean | RegExp,
): boolean {
  if (actual === undefined) return false;
  return wanted instanceof RegExp ? wanted.test(String(actual)) : actual === wanted;
}
