/** One request is one complete, truthful trace: the stack's own, over OTLP, against the contract. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkTrace } from './check-trace.ts';
import type { Stack } from './test/stack.ts';
import { startStack } from './test/stack.ts';
import type { ExpectedSpan } from './trace-contract.ts';
import { trees } from './trace-contract.ts';
import type { JaegerTrace } from './trace-receiver/jaeger-json.ts';
import type { TraceReceiver } from './trace-receiver/server.ts';
import { startTraceReceiver } from './trace-receiver/server.ts';
import { formatTree } from './trace-receiver/tree.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'aura-traces-'));
let receiver: TraceReceiver;
let stack: Stack;

beforeAll(async () => {
  receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  stack = await startStack({
    DATA_DIR: dataDir,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
});
afterAll(async () => {
  await stack?.stop();
  await receiver?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function fetchTrace(traceId: string): Promise<JaegerTrace | undefined> {
  const response = await fetch(`${receiver.queryUrl}/api/traces/${traceId}`);
  const { data } = (await response.json()) as { data: JaegerTrace[] | null };
  return data?.[0];
}

/** Sends a request with a trace id of its own; returns its answer and what is wrong with its trace. */
async function traced(path: string, body: object, expected: ExpectedSpan) {
  const traceId = randomBytes(16).toString('hex');
  const response = await fetch(`${stack.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify(body),
  });
  const answer: any = await response.json();
  expect(response.headers.get('x-trace-id')).toBe(traceId);
  await vi.waitFor(
    async () => {
      const trace = await fetchTrace(traceId);
      const wrong = trace ? checkTrace(trace, expected).filter(({ ok }) => !ok) : ['no trace'];
      if (wrong.length > 0)
        throw new Error(`${JSON.stringify(wrong, null, 1)}\n${trace && formatTree(trace)}`);
    },
    { timeout: 10_000, interval: 100 },
  );
  return { status: response.status, answer, trace: (await fetchTrace(traceId)) as JaegerTrace };
}

const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };

describe('the tree of a request', () => {
  test('search', async () => {
    const { answer } = await traced('/v1/search', { query: 'beach' }, trees.search);
    expect(answer.results).toHaveLength(3);
  });

  test('negotiation by the model', async () => {
    const { answer } = await traced('/v1/negotiate', bid, trees.negotiateByModel);
    expect(answer.status).toBe('countered');
  });

  test('an unknown item', async () => {
    const unknown = { ...bid, item_id: 'no_such_item' };
    const { answer } = await traced('/v1/negotiate', unknown, trees.unknownItem);
    expect(answer.data.reason_code).toBe('ITEM_NOT_FOUND');
  });

  test('a bad request that the gateway refuses', async () => {
    const { status } = await traced('/v1/negotiate', { ...bid, bid_amount: 0 }, trees.badRequest);
    expect(status).toBe(400);
  });

  test('a bad request that core refuses', async () => {
    const bad = { ...bid, bid_amount: 1.001 };
    const { status } = await traced('/v1/negotiate', bad, trees.badRequestInCore);
    expect(status).toBe(400);
  });
});
