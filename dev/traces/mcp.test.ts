/** These tests hold the traces of calls over MCP against the contract: they are those of the routes. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import { mcpCall } from '../testing/mcp-call.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import { sendTraced } from '../testing/traced.ts';
import type { JaegerTrace } from '../trace-receiver/jaeger-json.ts';
import { spanForest, tagsOf } from '../trace-receiver/tree.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import { checkTrace } from './check-trace.ts';
import type { ExpectedSpan } from './trace-contract.ts';
import { trees } from './trace-contract.ts';

const dataDir = await makeDataDir({ seeded: true });
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

/** Calls a tool under a trace id of its own. @returns what its trace and its result are */
async function called(tool: string, args: object, expected: ExpectedSpan, more = {}) {
  const urls = { gatewayUrl: stack.url, queryUrl: receiver.queryUrl };
  const call = mcpCall(tool, args);
  const { answer, trace } = await sendTraced({ ...urls, path: '/mcp', ...call, expected, ...more });
  return { result: answer.result, trace };
}

const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };

test('a search', async () => {
  const { result } = await called('search_items', { query: 'beach' }, trees.mcpSearch);
  expect(result.structuredContent.results).toHaveLength(3);
});

test('a bid, the first one and one whose envelope is known', async () => {
  for (let i = 0; i < 2; i++) {
    const { result } = await called('negotiate', bid, trees.mcpNegotiateByModel);
    expect(result.structuredContent.status).toBe('countered');
  }
});

test('a deal under a key, the same again, and what became of it', async () => {
  const wish = { ...bid, bid_amount: 1_000, idempotency_key: 'one' };
  const deal = await called('negotiate', wish, trees.mcpNegotiateUnderKey);
  expect(deal.result.structuredContent.status).toBe('accepted');
  const again = await called('negotiate', wish, trees.mcpNegotiateReplayed);
  expect(again.result).toEqual(deal.result);
  const code = { reservation_code: deal.result.structuredContent.data.reservation_code };
  const found = await called('get_reservation', code, trees.mcpReservation);
  expect(found.result.structuredContent).toMatchObject({ ...code, status: 'held' });
  const released = await called('release_reservation', code, trees.mcpRelease);
  expect(released.result.structuredContent.status).toBe('released');
  for (const { trace } of [deal, again, found, released]) {
    expect(JSON.stringify(trace)).not.toContain(code.reservation_code);
  }
});

test('arguments that are wrong are a tool error, and no error of the server', async () => {
  const { result, trace } = await called(
    'negotiate',
    { ...bid, bid_amount: 0 },
    trees.mcpBadArguments,
  );
  expect(result.isError).toBe(true);
  const span = trace.spans.find(({ operationName }) => operationName === 'tools/call negotiate');
  expect(span && tagsOf(span)['error.type']).toBe('tool_error');
  const [, problem] = result.content;
  expect(JSON.parse(problem.text).trace_id).toBe(trace.traceID);
});

test('the agent and the synthetic mark reach core as over HTTP', async () => {
  const headers = { ...mcpCall('negotiate', {}).headers, baggage: 'synthetic_request=true' };
  const { trace } = await called('negotiate', bid, trees.mcpNegotiateByModel, { headers });
  const own = trace.spans.find(({ operationName }) => operationName === 'negotiation.negotiate');
  expect(own && tagsOf(own)).toMatchObject({
    'aura.agent.did': 'did:example:buyer',
    'aura.synthetic_request': 'true',
  });
});

test('a message that carries a trace of its own is answered in it, with a link to its request', async () => {
  const [httpTrace, messageTrace] = [randomBytes(16), randomBytes(16)].map((id) =>
    id.toString('hex'),
  );
  const traceparent = (id: string | undefined) => `00-${id}-${randomBytes(8).toString('hex')}-01`;
  const meta = { traceparent: traceparent(messageTrace), baggage: 'synthetic_request=true' };
  const { headers, body } = mcpCall('negotiate', bid, meta);
  const response = await fetch(`${stack.url}/mcp`, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      traceparent: traceparent(httpTrace),
    },
    body: JSON.stringify(body),
  });
  expect(response.headers.get('x-trace-id')).toBe(messageTrace);
  await response.text();

  const traceOf = (id: string | undefined, expected: ExpectedSpan): Promise<JaegerTrace> =>
    vi.waitFor(
      async () => {
        const found = await fetch(`${receiver.queryUrl}/api/traces/${id}`);
        const { data } = (await found.json()) as { data: readonly JaegerTrace[] };
        const trace = data[0] as JaegerTrace;
        expect(checkTrace(trace, expected).filter(({ ok }) => !ok)).toEqual([]);
        return trace;
      },
      { timeout: 30_000, interval: 100 },
    );
  const { children: [operation] = [], ...request } = trees.mcpNegotiateByModel;
  const [bidTrace, requestTrace] = await Promise.all([
    traceOf(messageTrace, operation as ExpectedSpan),
    traceOf(httpTrace, request),
  ]);
  const [root] = spanForest(bidTrace);
  const ids = new Set(requestTrace.spans.map(({ spanID }) => spanID));
  const links = root?.span.references.filter(({ refType }) => refType === 'FOLLOWS_FROM') ?? [];
  expect(links.map(({ traceID, spanID }) => [traceID, ids.has(spanID)])).toEqual([
    [httpTrace, true],
  ]);
  expect(JSON.stringify(bidTrace)).toContain('aura.synthetic_request');
});

test('the lines of a message have its ids, and the request’s', async () => {
  const headers = { ...mcpCall('negotiate', {}).headers, 'x-request-id': 'over-mcp' };
  const { trace } = await called('negotiate', bid, trees.mcpNegotiateByModel, { headers });
  const line = await stack.line(
    ({ event, request_id: id }) => event === 'mcp_request_completed' && id === 'over-mcp',
  );
  expect(line).toMatchObject({
    trace_id: trace.traceID,
    mcp_method: 'tools/call',
    tool: 'negotiate',
    duration_ms: expect.any(Number),
  });
  const core = stack.lines().filter(({ request_id: id }) => id === 'over-mcp');
  expect(new Set(core.map(({ service }) => service)).size).toBe(2);
});
