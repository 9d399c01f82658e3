/** Sends a request, waits for its trace, and holds the trace against the contract. */
import { setTimeout as wait } from 'node:timers/promises';
import type { JaegerTrace } from '../trace-receiver/jaeger-json.ts';
import type { BrokenLink, Health } from './broken-link.ts';
import { brokenBehind, brokenLink } from './broken-link.ts';
import type { Check } from './check-trace.ts';
import { checkTrace } from './check-trace.ts';
import type { ExpectedSpan } from './trace-contract.ts';

export interface Request {
  readonly title: string;
  readonly path: string;
  readonly body: object;
  readonly status: number;
  /** Several trees are right where it is the configuration that decides. */
  readonly expected: readonly ExpectedSpan[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Places {
  readonly gateway: string;
  readonly jaeger: string;
  /** Milliseconds that the trace has to arrive. */
  readonly patienceMs: number;
}

export interface Examined {
  /** Undefined where the answer names none. */
  readonly traceId: string | undefined;
  readonly status: number;
  /** The checks of the tree that fits best. */
  readonly checks: readonly Check[];
  readonly trace: JaegerTrace | undefined;
  /** Why the trace is not there, or not whole. */
  readonly broken: BrokenLink | undefined;
}

const LOOK_MS = 250;
/** Milliseconds that a program on this machine or in this network has to answer. */
const ANSWER_MS = 5_000;

export async function examine(request: Request, places: Places): Promise<Examined> {
  const { timestamp: since } = await health(places);
  // No `traceparent` is sent: its span would exist nowhere, and the trace would lack its root.
  const response = await fetch(`${places.gateway}${request.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...request.headers },
    body: JSON.stringify(request.body),
  });
  await response.text();
  const { status } = response;
  const traceId = traceIdOf(response);
  const unseen = { traceId, status, checks: [], trace: undefined };
  if (status !== request.status) return { ...unseen, broken: undefined };
  if (traceId === undefined) {
    const why =
      'aura-gateway makes no spans: OTEL_SDK_DISABLED is set, or it was started without --import of its telemetry';
    return { ...unseen, broken: { link: 'exporter', why } };
  }
  return { traceId, status, ...(await arrival(traceId, request, places, since)) };
}

function traceIdOf({ headers }: Response): string | undefined {
  const id = headers.get('x-trace-id') ?? '';
  return /^[\da-f]{32}$/.test(id) ? id : undefined;
}

async function arrival(traceId: string, { expected }: Request, places: Places, since: string) {
  const deadline = Date.now() + places.patienceMs;
  for (;;) {
    await wait(LOOK_MS);
    const { trace, problem } = await fetchTrace(traceId, places.jaeger);
    const checks = bestOf(expected, trace);
    if (checks.every(({ ok }) => ok)) return { trace, checks, broken: undefined };
    const now = await health(places);
    // What failed since the request was sent will not come any more.
    const broken = brokenLink(now, since);
    if (broken || Date.now() >= deadline) {
      const isGone = trace === undefined;
      return {
        trace,
        checks,
        broken: broken ?? (isGone ? brokenBehind(now, since, problem) : undefined),
      };
    }
  }
}

async function health({ gateway }: Places): Promise<Health> {
  const response = await fetch(`${gateway}/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
  return (await response.json()) as Health;
}

/** Asks Jaeger for a trace; `problem` says in words why there is none. */
async function fetchTrace(traceId: string, jaeger: string) {
  try {
    const url = `${jaeger}/api/traces/${traceId}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { data } = (await response.json()) as { readonly data?: readonly JaegerTrace[] | null };
    const [trace] = data ?? [];
    return { trace, problem: `${jaeger} does not have the trace` };
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : message;
    return { trace: undefined, problem: `${jaeger} does not answer as Jaeger's API does: ${why}` };
  }
}

function bestOf(expected: readonly ExpectedSpan[], trace: JaegerTrace | undefined): Check[] {
  const failed = (each: readonly Check[]): number => each.filter(({ ok }) => !ok).length;
  const checks = expected.map((tree) => (trace ? checkTrace(trace, tree) : [missing(tree)]));
  return checks.toSorted((a, b) => failed(a) - failed(b))[0] ?? [];
}

function missing(tree: ExpectedSpan): Check {
  return { span: 'trace', ok: false, what: `a trace that begins with ${String(tree.name)}` };
}
