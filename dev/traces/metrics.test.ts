/** These tests read at both services what Prometheus finds there after some requests. */
import { rmSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import { freePortPair } from '../testing/free-ports.ts';
import { mcpCall } from '../testing/mcp-call.ts';
import { INSTRUMENTATIONS } from '../testing/instrumentations.ts';
import { startService } from '../testing/service.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import { sendTraced } from '../testing/traced.ts';
import { trees } from './trace-contract.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';

describe.each(INSTRUMENTATIONS)('with the %s instrumentation', (instrumentation) => {
  let dataDir: string;
  let receiver: TraceReceiver;
  let stack: Stack;
  let port: number;

  beforeAll(async () => {
    dataDir = await makeDataDir({ seeded: true });
    receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
    port = await freePortPair();
    stack = await startStack({
      DATA_DIR: dataDir,
      OTEL_METRICS_EXPORTER: '',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      MODEL_TOKENS_PER_AGENT_DAY: '1',
      OTEL_RESOURCE_ATTRIBUTES: 'team=blue,service.name=shop',
      TRACE_INSTRUMENTATION: instrumentation,
    });
    await post('/v1/search', { query: 'beach' });
    const bid = { item_id: 'hotel_alpha', agent_did: 'did:example:buyer' };
    const countered = await post('/v1/negotiate', { ...bid, bid_amount: 800 });
    const { session_token } = (await countered.json()) as { readonly session_token: string };
    await post('/v1/negotiate', { ...bid, bid_amount: 1_000, session_token });
    await fetch(`${stack.url}/v1/reservations/AURA-00000000-00000000-00000000-00000000`);
    await post('/v1/negotiate', { ...bid, bid_amount: 0 });
    await post('/v1/negotiate', { ...bid, bid_amount: 1, item_id: 'no_such_item' });
    const search = mcpCall('search_items', { query: 'beach' });
    await post('/mcp', search.body, search.headers);
    await post('/mcp', mcpCall('search_items', {}).body, search.headers);
    await post('/mcp', mcpCall('made_up', {}).body, { ...search.headers, 'mcp-name': 'made_up' });
    await sendTraced({
      gatewayUrl: stack.url,
      queryUrl: receiver.queryUrl,
      path: '/v1/negotiate',
      body: { ...bid, bid_amount: 700 },
      expected: trees.negotiateCapped,
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await receiver?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function post(path: string, body: object, headers = {}): Promise<Response> {
    return fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** @returns the sum of a metric's values over the series that have these labels */
  async function read(at: number, name: string, labels: Record<string, string>): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${at}/metrics`);
    const series = (await response.text())
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`));
    const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
    return series
      .filter((line) => wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(/\} (\S+)/.exec(line)?.[1]), 0);
  }

  const HTTP = 'http_server_request_duration_count';
  const MCP = 'mcp_server_operation_duration_count';
  const TOOL = { mcp_method_name: 'tools/call', gen_ai_tool_name: 'search_items' };
  const RPC = { rpc_system_name: 'grpc' };
  const BID = { rpc_method: 'aura.negotiation.v1.NegotiationService/Negotiate' };
  const OK = { rpc_status_code: 'OK' };
  const NOT_FOUND = { ...RPC, rpc_status_code: 'NOT_FOUND' };
  const ACCEPTED = { aura_negotiation_outcome: 'accepted' };
  const DECISIONS = 'aura_negotiation_decisions_total';
  const USD = { aura_negotiation_currency: 'USD' };
  const LE_1000 = { ...USD, le: '1000' };
  const RANKING = { aura_search_part: 'ranking' };
  const CHAT = { gen_ai_operation_name: 'chat' };
  const ENDED_AS = (ending: string) => ({ aura_negotiation_ending: ending });
  const GEN_AI = { gen_ai_provider_name: 'mistral_ai', gen_ai_operation_name: 'chat' };

  test.each([
    ['requests by route and status', 0, HTTP, { http_route: '/v1/search' }, 1],
    [
      'bids answered',
      0,
      HTTP,
      { http_route: '/v1/negotiate', http_response_status_code: '200' },
      4,
    ],
    ['bids refused', 0, HTTP, { http_route: '/v1/negotiate', http_response_status_code: '400' }, 1],
    ['calls of a tool', 0, MCP, TOOL, 2],
    ['calls of a tool that failed', 0, MCP, { ...TOOL, error_type: 'tool_error' }, 1],
    ['calls of tools there are not', 0, MCP, { error_type: '-32602' }, 1],
    ['calls of core by method', 0, 'rpc_client_call_duration_count', { ...RPC, ...BID, ...OK }, 4],
    ['calls that core answered', 1, 'rpc_server_call_duration_count', { ...RPC, ...BID, ...OK }, 4],
    ['haggles', 1, 'aura_negotiation_haggles_total', {}, 2],
    ['rounds of the deal', 1, 'aura_negotiation_rounds_sum', ACCEPTED, 2],
    ['calls that found nothing', 1, 'rpc_server_call_duration_count', NOT_FOUND, 1],
    ['… as the gateway has them', 0, 'rpc_client_call_duration_count', NOT_FOUND, 1],
    ['counter-offers', 1, DECISIONS, { aura_negotiation_outcome: 'countered' }, 2],
    ['counter-offers of the model', 1, DECISIONS, { aura_negotiation_strategy: 'model' }, 1],
    ['counter-offers of the policy', 1, DECISIONS, { aura_negotiation_strategy: 'policy' }, 1],
    ['deals', 1, DECISIONS, { aura_negotiation_outcome: 'accepted' }, 1],
    ['bids for what there is not', 1, DECISIONS, { aura_negotiation_reason: 'ITEM_NOT_FOUND' }, 1],
    ['bids above 500 and up to 1,000', 1, 'aura_negotiation_bid_amount_bucket', LE_1000, 3],
    ['money bid', 1, 'aura_negotiation_bid_amount_sum', USD, 2_500],
    ['money agreed on', 1, 'aura_negotiation_deal_amount_sum', USD, 1_000],
    ['asks', 1, 'aura_negotiation_ask_amount_count', USD, 2],
    ['searches', 1, 'aura_search_results_count', {}, 2],
    ['searches that were ranked', 1, 'aura_search_duration_count', RANKING, 2],
    ['haggles that became deals', 1, 'aura_negotiation_endings', ENDED_AS('deal'), 1],
    ['haggles that are open', 1, 'aura_negotiation_endings', ENDED_AS('open'), 1],
    ['bids that wait for a person', 1, 'aura_deals_waiting', {}, 0],
    ['the closed circuit', 1, 'aura_llm_circuit', { ...CHAT, aura_llm_circuit: 'closed' }, 1],
    ['the open circuit', 1, 'aura_llm_circuit', { ...CHAT, aura_llm_circuit: 'open' }, 0],
    [
      'bids the model was not asked for',
      1,
      'aura_llm_capped_total',
      { aura_llm_capped: 'agent_day' },
      1,
    ],
    ['calls of the model', 1, 'gen_ai_client_operation_duration_count', GEN_AI, 1],
    [
      'the searches’ embeddings',
      1,
      'gen_ai_client_operation_duration_count',
      { gen_ai_provider_name: 'aura.local' },
      2,
    ],
  ] as const)('%s', async (_what, offset, name, labels, count) => {
    expect(await read(port + offset, name, labels)).toBe(count);
  });

  test.each([
    [0, 'aura-gateway'],
    [1, 'aura-core'],
  ])('the attributes of the resource, and no name for both (%i)', async (offset, service_name) => {
    expect(await read(port + offset, 'target_info', { team: 'blue', service_name })).toBe(1);
    expect(stack.output()).toContain('service.name in OTEL_RESOURCE_ATTRIBUTES is not used');
  });

  test.each(['input', 'output'])('%s tokens', async (type) => {
    const labels = { ...GEN_AI, gen_ai_token_type: type };
    expect(await read(port + 1, 'gen_ai_client_token_usage_sum', labels)).toBeGreaterThan(10);
  });

  test('what the pool and the database are asked for', async () => {
    for (const name of ['wait_time_count', 'use_time_count']) {
      expect(await read(port + 1, `db_client_connection_${name}`, {})).toBeGreaterThan(5);
    }
    expect(await read(port + 1, 'aura_db_sessions_blocked', {})).toBe(0);
  });

  test.each([0, 1])('the event loop, the heap and the garbage of Node (%i)', async (offset) => {
    const used = await read(port + offset, 'v8js_memory_heap_used', {});
    expect(used).toBeGreaterThan(1_000_000);
    expect(used).toBeLessThan(500_000_000);
    expect(await read(port + offset, 'nodejs_eventloop_delay_p99', {})).toBeGreaterThan(0);
    expect(await read(port + offset, 'v8js_gc_duration_count', {})).toBeGreaterThan(0);
  });

  test('what callers make up becomes no label', async () => {
    const makeUp = async (word: string, method: string): Promise<void> => {
      const tool = mcpCall(`${word}_tool`, {});
      await post('/mcp', tool.body, { ...tool.headers, 'mcp-name': `${word}_tool` });
      await fetch(`${stack.url}/${word}?${word}=1`, { method });
      await fetch(`${stack.url}/v1/reservations/${word}`, { headers: { 'user-agent': word } });
      await post('/v1/search', { query: word, filters: { attributes: { [word]: word } } });
      await post('/v1/search', { query: word });
      const bid = { item_id: 'hotel_alpha', agent_did: `did:example:${word}`, bid_amount: 900 };
      await post('/v1/negotiate', bid, { 'idempotency-key': word, baggage: `agent_did=${word}` });
      await post('/v1/negotiate', { ...bid, item_id: word });
      await post('/v1/negotiate', { ...bid, currency: word });
      await post('/v1/negotiate', { ...bid, currency: 'EUR' });
      await post('/v1/negotiate', { ...bid, session_token: `sess_${word}` });
    };
    const series = async (): Promise<string[]> => {
      const texts = [port, port + 1].map(async (at) =>
        (await fetch(`http://127.0.0.1:${at}/metrics`)).text(),
      );
      const lines = (await Promise.all(texts)).flatMap((text) => text.split('\n'));
      // What Node itself holds open comes and goes.
      const own = lines.filter((line) => !/^(#|v8js_|nodejs_|$)/.test(line));
      return own.map((line) => line.replace(/ \S+$/, '')).toSorted();
    };
    await makeUp('zwiebel', 'PROPFIND');
    const before = await series();
    await makeUp('quitte', 'MKCOL');
    await makeUp('rettich', 'REPORT');
    expect(await series()).toEqual(before);
    expect(before.filter((each) => /zwiebel|quitte|rettich/.test(each))).toEqual([]);
  });

  test.each([0, 1])('spans exported, and none of them in vain (%i)', async (offset) => {
    const name = 'otel_sdk_exporter_span_exported_total';
    await vi.waitFor(
      async () => expect(await read(port + offset, name, {})).toBeGreaterThan(5),
      30_000,
    );
    const metrics = await (await fetch(`http://127.0.0.1:${port + offset}/metrics`)).text();
    expect(metrics).not.toMatch(new RegExp(`^${name}\\{.*error_type`, 'm'));
  });

  test.each([0, 1])('spans sent, and none dropped (%i)', async (offset) => {
    const name = 'otel_sdk_processor_span_processed_total';
    await vi.waitFor(
      async () => expect(await read(port + offset, name, {})).toBeGreaterThan(5),
      30_000,
    );
    expect(await read(port + offset, name, { error_type: 'queue_full' })).toBe(0);
  });
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === '::1');
test.runIf(hasIpv6).each(['::1', '[::1]'])('metrics are served on the address %s', async (host) => {
  const metricsPort = await freePortPair();
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: '127.0.0.1:1',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_HOST: host,
    OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
  });
  onTestFinished(() => gateway.kill());
  expect((await fetch(`http://[::1]:${metricsPort}/metrics`)).status).toBe(200);
});

test('a service that is started alone has the name of its resource, and the address it is published at', async () => {
  const metricsPort = await freePortPair();
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: '127.0.0.1:1',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop%20edge,team=blue',
    PUBLISHED_URL: 'http://localhost:8123',
  });
  onTestFinished(() => gateway.kill());
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(metrics).toMatch(/^target_info\{service_name="shop edge".*team="blue"/m);
  expect(new Set(gateway.lines.map((line) => line['service']))).toEqual(new Set(['shop edge']));
  expect(gateway.lines.at(-1)).toMatchObject({ address: 'http://localhost:8123' });
});
