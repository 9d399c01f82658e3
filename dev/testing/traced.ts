import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import { checkTrace } from '../traces/check-trace.ts';
import type { ExpectedSpan } from '../traces/trace-contract.ts';
import type { JaegerTrace } from '../trace-receiver/jaeger-json.ts';
import { formatTree } from '../trace-receiver/tree.ts';

interface Traced {
  readonly gatewayUrl: string;
  readonly queryUrl: string;
  readonly path: string;
  /** The body of a POST; undefined makes the request a GET, null a POST without a body. */
  readonly body: object | null | undefined;
  readonly expected: ExpectedSpan;
  /** A signal that aborts the request; children may then outlive their parents. */
  readonly signal?: AbortSignal;
  readonly cutOff?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

async function fetchTrace(queryUrl: string, traceId: string): Promise<JaegerTrace | undefined> {
  const response = await fetch(`${queryUrl}/api/traces/${traceId}`);
  const { data } = (await response.json()) as { data: JaegerTrace[] | null };
  return data?.[0];
}

/** Sends a request with a trace id of its own and waits until its trace is as expected. */
export async function sendTraced(options: Traced) {
  const { queryUrl, expected, signal, cutOff = signal !== undefined } = options;
  const traceId = randomBytes(16).toString('hex');
  const sent = fetch(`${options.gatewayUrl}${options.path}`, {
    method: options.body === undefined ? 'GET' : 'POST',
    headers: {
      ...(options.body && { 'content-type': 'application/json' }),
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      ...options.headers,
    },
    body: options.body ? JSON.stringify(options.body) : null,
    signal: signal ?? null,
  });
  const response = await sent.catch((error: Error) => error);
  const [status, answer]: [number | undefined, any] =
    response instanceof Response ? [response.status, await response.json()] : [undefined, response];
  if (response instanceof Response) expect(response.headers.get('x-trace-id')).toBe(traceId);
  const trace = await vi.waitFor(
    async () => {
      const found = await fetchTrace(queryUrl, traceId);
      if (!found) throw new Error('no trace');
      const wrong = checkTrace(found, expected, { cutOff }).filter(({ ok }) => !ok);
      if (wrong.length === 0) return found;
      throw new Error(
        `${wrong.map(({ span, what }) => `${span}: ${what}`).join('\n')}\n${formatTree(found)}`,
      );
    },
    { timeout: 30_000, interval: 100 },
  );
  return { status, answer, trace };
}
