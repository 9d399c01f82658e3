/**
 * Measures what telemetry weighs: the bytes of spans and log lines of a request, by route, as they come over the
 * wire and under gzip, and those of a scrape of metrics; and reckons from them what a million traces take.
 */
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { numberFrom } from '../bench/number-option.ts';
import { makeDataDir } from '../testing/database.ts';
import { freePortPair } from '../testing/free-ports.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import type { Sender } from './load.ts';
import { createSender } from './load.ts';
import type { Collector } from './receive.ts';
import { collectSignals } from './receive.ts';

/** A batch waits a second: when nothing has come for so many milliseconds, all of it has. */
const QUIET_MS = 3_000;
const SCRAPES_A_MINUTE = 4;

const { requests } = new Command('npx -y pnpm@12 telemetry:cost')
  .description('measures the bytes of telemetry that a request makes, by route')
  .option('--requests <count>', 'requests of each route', numberFrom(1), 100)
  .parse()
  .opts<{ readonly requests: number }>();

/** An agent of its own for each bid, so that none comes to its limit of the model's tokens. */
const ROUTES: readonly (readonly [
  route: string,
  send: (to: Sender, i: number) => Promise<unknown>,
])[] = [
  ['`POST /v1/search`', ({ send }, i) => send('/v1/search', { query: `a room by the sea, ${i}` })],
  [
    '`POST /v1/negotiate`, the model asked',
    ({ bid }, i) => bid(700, { agent_did: `did:example:${i}` }),
  ],
  ['`POST /v1/negotiate`, rejected', ({ bid }) => bid(700, { item_id: 'no_such_item' })],
  [
    '`POST /mcp`, `negotiate`',
    ({ callTool }, i) =>
      callTool('negotiate', {
        item_id: 'hotel_alpha',
        bid_amount: 700,
        agent_did: `did:example:m${i}`,
      }),
  ],
  [
    '`GET /v1/reservations/:code`, 404',
    ({ send }) => send('/v1/reservations/AURA-00000000-00000000-00000000-00000000'),
  ],
  ['`GET /nowhere`, 404', ({ send }) => send('/nowhere')],
];

interface Weight {
  readonly bytes: number;
  readonly gzipped: number;
}
interface Row {
  readonly route: string;
  readonly spans: number;
  readonly traces: Weight;
  readonly lines: Weight;
  readonly records: Weight;
}

/** @param pieces are compressed one by one, as they are sent */
function weigh(pieces: readonly (Buffer | string)[]): Weight {
  const sum = (sizes: readonly number[]): number => sizes.reduce((all, each) => all + each, 0);
  return {
    bytes: sum(pieces.map((each) => Buffer.byteLength(each))),
    gzipped: sum(pieces.map((each) => gzipSync(each).length)),
  };
}

/** Waits until what was sent has come; `count` tells how much there is. */
async function untilQuiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); await wait(QUIET_MS)) before = count();
}

async function measureRoute(
  stack: Stack,
  collector: Collector,
  [route, send]: (typeof ROUTES)[number],
) {
  const { Traces, Logs } = collector.exports;
  const seen = (): number => Traces.length + Logs.length + stack.output().length;
  await untilQuiet(seen);
  const before = { traces: Traces.length, logs: Logs.length, spans: collector.spans.length };
  const written = stack.output().length;
  const sender = createSender(stack);
  for (let i = 0; i < requests; i++) await send(sender, i);
  await untilQuiet(seen);
  const row: Row = {
    route,
    spans: (collector.spans.length - before.spans) / requests,
    traces: weigh(Traces.slice(before.traces)),
    lines: weigh([stack.output().slice(written)]),
    records: weigh(Logs.slice(before.logs)),
  };
  return row;
}

/** The stack as `start` makes it: the offline model plays the chat, and the embedder is the local one. */
async function measure(): Promise<{ rows: Row[]; scrapes: Weight[] }> {
  const dataDir = await makeDataDir({ seeded: true });
  const collector = await collectSignals();
  const port = await freePortPair();
  try {
    const stack = await startStack({
      DATA_DIR: dataDir,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    });
    try {
      const rows: Row[] = [];
      for (const each of ROUTES) rows.push(await measureRoute(stack, collector, each));
      const scrape = async (at: number): Promise<Weight> =>
        weigh([await (await fetch(`http://127.0.0.1:${at}/metrics`)).text()]);
      return { rows, scrapes: [await scrape(port), await scrape(port + 1)] };
    } finally {
      await stack.stop();
    }
  } finally {
    collector.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const each = ({ bytes, gzipped }: Weight): string =>
  `${Math.round(bytes / requests)} (${Math.round(gzipped / requests)})`;
const gigabytes = ({ bytes, gzipped }: Weight): string =>
  `${(bytes / requests / 1e3).toFixed(1)} (${(gzipped / requests / 1e3).toFixed(1)})`;

const { rows, scrapes } = await measure();
console.log(`Bytes a request, and under gzip in brackets; ${requests} requests of each route.\n`);
console.log(
  '| route | spans | OTLP spans | lines of the log | OTLP log records | GB for a million traces |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const { route, spans, traces, lines, records } of rows) {
  const cells = [
    route,
    spans.toFixed(1),
    each(traces),
    each(lines),
    each(records),
    gigabytes(traces),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
for (const [i, { bytes, gzipped }] of scrapes.entries()) {
  const service = i === 0 ? 'the gateway' : 'core';
  const minute = (size: number): string => `${Math.round((size * SCRAPES_A_MINUTE) / 1_024)} KiB`;
  console.log(
    `\nA scrape of ${service}: ${bytes} bytes (${gzipped}); a minute: ${minute(bytes)} (${minute(gzipped)}).`,
  );
}
