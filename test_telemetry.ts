/**
 * Sends a search, a negotiation over HTTP and one over MCP, and a bad request, fetches their traces
 * from Jaeger's query API and holds them against the contract: a line per check, the trees, and where to
 * look at them. Where a trace is not there it tells which link of its way is broken.
 */
import { parseArgs } from 'node:util';
import type { Link } from './dev/traces/broken-link.ts';
import { drawLinks } from './dev/traces/broken-link.ts';
import type { Check } from './dev/traces/check-trace.ts';
import type { Examined, Places, Request } from './dev/traces/examine.ts';
import { examine } from './dev/traces/examine.ts';
import { trees } from './dev/traces/trace-contract.ts';
import { problemAt, readUrl } from './dev/traces/urls.ts';
import { mcpCall } from './dev/testing/mcp-call.ts';
import { formatTree } from './dev/trace-receiver/tree.ts';

/** Two services export in batches, each about a second after the request. */
const PATIENCE_S = 10;

const HELP = `usage: npx -y pnpm@12 test:telemetry [--wait SECONDS]
  Sends a search, two bids and a bad request, and holds their traces against the contract.
  --wait          how many seconds a trace may take to arrive (${PATIENCE_S})
  GATEWAY_URL     where the gateway answers (http://127.0.0.1:8000)
  JAEGER_URL      where Jaeger's API, or the receiver of \`start\`, answers (http://127.0.0.1:16686)
  JAEGER_UI_URL   where you find Jaeger's pages, when that is not JAEGER_URL

  It ends with
  0  when all traces are there, and as the contract says
  1  when a trace is there, and not as the contract says
  2  when it was called in a wrong way
  3  when the gateway cannot be reached, or does not answer as it should
  4  sampler: the requests were not sampled
  5  exporter: a service sends no traces, or is told a wrong endpoint
  6  network: a service gets no answer from its collector
  7  collector: it answers, and refuses the spans
  8  storage: the collector took the spans, and Jaeger's API does not have them, or does not answer`;

const CONTRACT = 1;
const USAGE = 2;
const PRODUCT = 3;
const CODES: Readonly<Record<Link, number>> = {
  sampler: 4,
  exporter: 5,
  network: 6,
  collector: 7,
  storage: 8,
};

const bid = { item_id: 'hotel_alpha', bid_amount: 700, agent_did: 'did:example:test-telemetry' };
const call = mcpCall('negotiate', bid);
const REQUESTS: readonly Request[] = [
  {
    title: 'Search',
    path: '/v1/search',
    body: { query: 'cheap place near the beach in Bali' },
    status: 200,
    expected: [trees.search, trees.searchByMistral],
  },
  {
    title: 'Negotiation',
    path: '/v1/negotiate',
    body: bid,
    status: 200,
    expected: [trees.negotiateByModel, trees.negotiateByPolicy],
  },
  {
    title: 'Negotiation over MCP',
    path: '/mcp',
    body: call.body,
    headers: call.headers,
    status: 200,
    expected: [trees.mcpNegotiateByModel, trees.mcpNegotiateByPolicy],
  },
  {
    title: 'Bad request',
    path: '/v1/negotiate',
    body: { ...bid, bid_amount: 0 },
    status: 400,
    expected: [trees.badRequest],
  },
];

interface Line {
  readonly ok: boolean;
  readonly what: string;
}

let failures = 0;
const tick = (ok: boolean, what: string): void => {
  if (!ok) failures++;
  console.log(`  ${ok ? '✓' : '✗'} ${what}`);
};

/** @returns the exit code */
async function main(): Promise<number> {
  const { places, jaegerUi } = readArguments();
  const problem = await problemAt({
    variable: 'GATEWAY_URL',
    url: places.gateway,
    what: 'the gateway',
    path: '/healthz',
    isOwn: (answer) => 'status' in answer && answer.status === 'ok',
  });
  if (problem !== undefined) {
    tick(false, problem);
    return PRODUCT;
  }
  let code = 0;
  for (const request of REQUESTS) {
    const examined = await examine(request, places);
    report(request, examined, jaegerUi);
    const { status, broken } = examined;
    if (status !== request.status) return PRODUCT;
    // The other requests go the same way.
    if (broken) return CODES[broken.link];
    if (failures > 0) code = CONTRACT;
  }
  return code;
}

/** Ends the process where a person asks for help, or where something is wrong with what it was given. */
function readArguments(): { readonly places: Places; readonly jaegerUi: string } {
  const { GATEWAY_URL, JAEGER_URL, JAEGER_UI_URL } = process.env;
  const at = 'http://127.0.0.1';
  try {
    const { values } = parseArgs({
      options: { help: { type: 'boolean', short: 'h' }, wait: { type: 'string' } },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const seconds = Number(values.wait ?? PATIENCE_S);
    if (!(seconds > 0)) throw new Error(`--wait must be a number of seconds, not '${values.wait}'`);
    const gateway = readUrl('GATEWAY_URL', GATEWAY_URL || `${at}:8000`, `${at}:8000`);
    const jaeger = readUrl('JAEGER_URL', JAEGER_URL || `${at}:16686`, `${at}:16686`);
    const jaegerUi = readUrl('JAEGER_UI_URL', JAEGER_UI_URL || jaeger, `${at}:16686`);
    return { places: { gateway, jaeger, patienceMs: seconds * 1_000 }, jaegerUi };
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(USAGE);
  }
}

function report({ title, path, status }: Request, examined: Examined, jaegerUi: string): void {
  const { traceId, trace, checks, broken } = examined;
  console.log(`\n${title}: POST ${path}, trace ${traceId ?? 'unknown'}`);
  tick(examined.status === status, `answers ${status} (${examined.status})`);
  tick(traceId !== undefined, 'x-trace-id names the trace');
  for (const { ok, what } of bySpan(checks)) tick(ok, what);
  if (trace) console.log(`\n${formatTree(trace)}\n\n  ${jaegerUi}/trace/${traceId}`);
  if (broken) console.log(`\n  ${drawLinks(broken.link)}\n  ${broken.link}: ${broken.why}`);
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

const code = await main().catch((error: Error) => {
  const { message, cause } = error;
  tick(false, `${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
  return PRODUCT;
});
console.log(
  failures === 0
    ? '\nAll checks passed.'
    : `\n${failures} ${failures === 1 ? 'check' : 'checks'} failed.`,
);
process.exitCode = code;
