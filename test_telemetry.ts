/**
 * Sends a search, a negotiation over HTTP and one over MCP, and a bad request, fetches their traces
 * from Jaeger's query API and holds them against the contract: a line per check, the trees, and where to
 * look at them.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Check } from './dev/traces/check-trace.ts';
import { checkTrace } from './dev/traces/check-trace.ts';
import type { ExpectedSpan } from './dev/traces/trace-contract.ts';
import { trees } from './dev/traces/trace-contract.ts';
import { problemAt, readUrl } from './dev/traces/urls.ts';
import { mcpCall } from './dev/testing/mcp-call.ts';
import type { JaegerTrace } from './dev/trace-receiver/jaeger-json.ts';
import { formatTree } from './dev/trace-receiver/tree.ts';

const [gateway = '', jaeger = '', jaegerUi = ''] = readUrls();
const bid = { item_id: 'hotel_alpha', bid_amount: 700, agent_did: 'did:example:test-telemetry' };
/** Two services export in batches, each about a second after the request. */
const PATIENCE_MS = 10_000;

interface Line {
  readonly ok: boolean;
  readonly what: string;
}

const HELP = `usage: npx -y pnpm@12 test:telemetry
  Sends a search, a bid and a bad request, and holds their traces against the contract.
  GATEWAY_URL     where the gateway answers (http://127.0.0.1:8000)
  JAEGER_URL      where Jaeger's API, or the receiver of \`start\`, answers (http://127.0.0.1:16686)
  JAEGER_UI_URL   where you find Jaeger's pages, when that is not JAEGER_URL`;

let failures = 0;
const tick = (ok: boolean, what: string): void => {
  if (!ok) failures++;
  console.log(`  ${ok ? '✓' : '✗'} ${what}`);
};

/** Ends the test with a line for each bad URL. */
function readUrls(): readonly string[] {
  const { GATEWAY_URL, JAEGER_URL, JAEGER_UI_URL } = process.env;
  const at = 'http://127.0.0.1';
  const given = [
    ['GATEWAY_URL', GATEWAY_URL || `${at}:8000`, `${at}:8000`],
    ['JAEGER_URL', JAEGER_URL || `${at}:16686`, `${at}:16686`],
    ['JAEGER_UI_URL', JAEGER_UI_URL || JAEGER_URL || `${at}:16686`, `${at}:16686`],
  ] as const;
  try {
    return given.map(([name, text, example]) => readUrl(name, text, example));
  } catch (error) {
    console.log((error as Error).message);
    return process.exit(2);
  }
}

/** Whoever answers at the wrong port would fail each check, and none would say why. */
async function checkPlaces(): Promise<boolean> {
  const problems = await Promise.all([
    problemAt({
      variable: 'GATEWAY_URL',
      url: gateway,
      what: 'the gateway',
      path: '/healthz',
      isOwn: (answer) => 'status' in answer && answer.status === 'ok',
    }),
    problemAt({
      variable: 'JAEGER_URL',
      url: jaeger,
      what: "Jaeger's API",
      path: '/api/services',
      isOwn: (answer) => 'data' in answer,
    }),
  ]);
  for (const problem of problems) if (problem !== undefined) tick(false, problem);
  return problems.every((problem) => problem === undefined);
}

async function examineAll(): Promise<void> {
  await examine('Search', '/v1/search', { query: 'cheap place near the beach in Bali' }, 200, [
    trees.search,
    trees.searchByMistral,
  ]);
  await examine('Negotiation', '/v1/negotiate', bid, 200, [
    trees.negotiateByModel,
    trees.negotiateByPolicy,
  ]);
  const call = mcpCall('negotiate', bid);
  const overMcp = [trees.mcpNegotiateByModel, trees.mcpNegotiateByPolicy];
  await examine('Negotiation over MCP', '/mcp', call.body, 200, overMcp, call.headers);
  const bad = { ...bid, bid_amount: 0 };
  await examine('Bad request', '/v1/negotiate', bad, 400, [trees.badRequest]);
}

async function json(url: string): Promise<any> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  return response.json();
}

/** Several trees are right where it is the configuration that decides. */
async function examine(
  title: string,
  path: string,
  body: object,
  status: number,
  expected: readonly ExpectedSpan[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  // No `traceparent` is sent: its span would exist nowhere, and the trace would lack its root.
  const response = await fetch(`${gateway}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await response.text();
  const traceId = response.headers.get('x-trace-id') ?? '';
  console.log(`\n${title}: POST ${path}, trace ${traceId || 'unknown'}`);
  tick(response.status === status, `answers ${status} (${response.status})`);
  tick(/^[\da-f]{32}$/.test(traceId), 'x-trace-id names the trace');
  if (traceId === '') return explainUntraced();

  const deadline = Date.now() + PATIENCE_MS;
  let trace: JaegerTrace | undefined;
  let checks = expected.map((tree) => [missing(tree)]);
  do {
    await wait(500);
    const { data } = await json(`${jaeger}/api/traces/${traceId}`);
    trace = data?.[0];
    if (trace) checks = expected.map((tree) => checkTrace(trace as JaegerTrace, tree));
  } while (!checks.some((each) => each.every(({ ok }) => ok)) && Date.now() < deadline);

  const failed = (each: readonly { ok: boolean }[]): number => each.filter(({ ok }) => !ok).length;
  const [best = []] = checks.toSorted((a, b) => failed(a) - failed(b));
  for (const { ok, what } of bySpan(best)) tick(ok, what);
  if (trace) console.log(`\n${formatTree(trace)}\n\n  ${jaegerUi}/trace/${traceId}`);
  else explainMissing(traceId, (await json(`${jaeger}/api/services`)).data ?? []);
}

function missing(tree: ExpectedSpan): Check {
  return { span: 'trace', ok: false, what: `a trace that begins with ${String(tree.name)}` };
}

/** A line for each span that is right, a line for each fact that is not. */
function bySpan(checks: readonly Check[]): Line[] {
  return [...Map.groupBy(checks, ({ span }) => span)].flatMap<Line>(([span, facts]) => {
    const wrong = facts.filter(({ ok }) => !ok);
    if (wrong.length > 0) return wrong.map(({ what }) => ({ ok: false, what: `${span}: ${what}` }));
    const [only] = facts;
    const what = facts.length === 1 ? only?.what : `${facts.length} facts`;
    return [{ ok: true, what: `${span}: ${what}` }];
  });
}

function explainUntraced(): void {
  console.log(
    '\n  The gateway makes no spans: OTEL_SDK_DISABLED is set, or it was started without --import of its telemetry.',
  );
}

function explainMissing(traceId: string, services: readonly string[]): void {
  const unknown = ['aura-gateway', 'aura-core'].filter((name) => !services.includes(name));
  console.log(`\n  Trace ${traceId} is not at ${jaeger}. Likely causes:`);
  if (unknown.length > 0) {
    console.log(
      `  - ${jaeger} knows nothing of ${unknown.join(' and ')} (it knows: ${services.join(', ') || 'nobody'}):`,
    );
    console.log(
      '    is it the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, on the OTLP/gRPC port 4317?',
    );
    console.log('    does OTEL_SERVICE_NAME call the services otherwise?');
  }
  console.log(
    '  - OTEL_TRACES_SAMPLER leaves out requests, or OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER=none is set.',
  );
  console.log(
    '  - the services were started without --import of their telemetry, so that nothing was patched.',
  );
}

if (process.argv.length > 2) {
  const unknown = process.argv.slice(2).find((each) => each !== '--help' && each !== '-h');
  if (unknown === undefined) console.log(HELP);
  else console.error(`unknown option '${unknown}'\n${HELP}`);
  process.exit(unknown === undefined ? 0 : 2);
}

try {
  if (await checkPlaces()) await examineAll();
} catch (error) {
  failures++;
  const { message, cause } = error as Error;
  console.log(`  ✗ ${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
  console.log(
    `\n  Is the gateway at ${gateway} (GATEWAY_URL), and Jaeger's API at ${jaeger} (JAEGER_URL)?`,
  );
}
console.log(failures === 0 ? '\nAll checks passed.' : `\n${failures} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
