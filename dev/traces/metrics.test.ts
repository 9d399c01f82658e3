/** These tests read at both services what Prometheus finds there after some requests. */
import { rmSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { makeDataDir } from '../testing/database.ts';
import { freePortPair } from '../testing/free-ports.ts';
import { mcpCall } from '../testing/mcp-call.ts';
import { LOOKED_AT } from '../testing/instrumentations.ts';
import { startService } from '../testing/service.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import { sendTraced } from '../testing/traced.ts';
import { trees } from './trace-contract.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';

describe.each(LOOKED_AT)('with the %s instrumentation', (instrumentation) => {
  let dataDir: string;
  let receiver: TraceReceiver;
  let stack: Stack;
  let port: number;

  beforeAll(async () => {
    dataDir = await makeDataDir();
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
    const post = (path: string, body: object, headers = {}) =>
      fetch(`${stack.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    await post('/v1/search', { query: 'beach' });
    const bid = { item_id: 'hotel_alpha', agent_did: 'did:example:buyer' };
    await post('/v1/negotiate', { ...bid, bid_amount: 800 });
    await post('/v1/negotiate', { ...bid, bid_amount: 1_000 });
    await post('/v1/negotiate', { ...bid, bid_amount: 0 });
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
  const GEN_AI = { gen_ai_provider_name: 'mistral_ai', gen_ai_operation_name: 'chat' };

  test.each([
    ['requests by route and status', 0, HTTP, { http_route: '/v1/search' }, 1],
    [
      'bids answered',
      0,
      HTTP,
      { http_route: '/v1/negotiate', http_response_status_code: '200' },
      3,
    ],
    ['bids refused', 0, HTTP, { http_route: '/v1/negotiate', http_response_status_code: '400' }, 1],
    ['calls of a tool', 0, MCP, TOOL, 2],
    ['calls of a tool that failed', 0, MCP, { ...TOOL, error_type: 'tool_error' }, 1],
    ['calls of tools there are not', 0, MCP, { error_type: '-32602' }, 1],
    ['counter-offers', 1, 'aura_negotiation_decisions_total', { outcome: 'countered' }, 2],
    ['deals', 1, 'aura_negotiation_decisions_total', { outcome: 'accepted' }, 1],
    ['bids the model was not asked for', 1, 'aura_llm_capped_total', { cap: 'agent_day' }, 1],
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

  test.each([0, 1])('spans sent, and none dropped (%i)', async (offset) => {
    const name = 'otel_sdk_processor_span_processed_total';
    await vi.waitFor(async () => expect(await read(port + offset, name, {})).toBeGreaterThan(5));
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

test('a service that is started alone has the name of its resource in metrics and logs', async () => {
  const metricsPort = await freePortPair();
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: '127.0.0.1:1',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop%20edge,team=blue',
  });
  onTestFinished(() => gateway.kill());
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(metrics).toMatch(/^target_info\{service_name="shop edge".*team="blue"/m);
  expect(new Set(gateway.lines.map((line) => line['service']))).toEqual(new Set(['shop edge']));
});
