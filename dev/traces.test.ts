/** One request is one complete, truthful trace: the stack's own, over OTLP, against the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from './test/stack.ts';
import { startStack } from './test/stack.ts';
import { sendTraced } from './test/traced.ts';
import type { ExpectedSpan } from './trace-contract.ts';
import { trees } from './trace-contract.ts';
import type { TraceReceiver } from './trace-receiver/server.ts';
import { startTraceReceiver } from './trace-receiver/server.ts';
import { tagsOf } from './trace-receiver/tree.ts';

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

function traced(path: string, body: object, expected: ExpectedSpan, headers = {}) {
  const urls = { gatewayUrl: stack.url, queryUrl: receiver.queryUrl };
  return sendTraced({ ...urls, path, body, expected, headers });
}

const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };

test('search', async () => {
  const { answer } = await traced('/v1/search', { query: 'beach' }, trees.search);
  expect(answer.results).toHaveLength(3);
});

test('negotiation by the model', async () => {
  const { answer, trace } = await traced('/v1/negotiate', bid, trees.negotiateByModel);
  expect(answer.status).toBe('countered');
  // What was said is recorded only where somebody asked for it.
  const keys = trace.spans.flatMap((span) => span.tags.map(({ key }) => key));
  expect(keys.filter((key) => /messages|prompt|completion/.test(key))).toEqual([]);
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

test('of the baggage core has the agent and the listed key, and nothing else', async () => {
  const baggage = `synthetic_request=true,agent_did=did:example:liar,secret=hidden,long=${'x'.repeat(999)}`;
  const { trace } = await traced('/v1/negotiate', bid, trees.negotiateByModel, { baggage });
  const own = trace.spans.filter(({ operationName }) => operationName === 'negotiation.negotiate');
  expect(own.map(tagsOf)).toEqual([
    expect.objectContaining({
      'aura.agent.did': 'did:example:buyer',
      'aura.synthetic_request': 'true',
    }),
  ]);
  expect(JSON.stringify(trace)).not.toMatch(/liar|hidden|xxx/);
});
