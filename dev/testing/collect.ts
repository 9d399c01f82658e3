/** Sends a whole local stack along every path, and keeps all that comes out of it. */
import { rmSync } from 'node:fs';
import { newReceiptKey, writeKeySet } from '../../core-service/src/receipt-keys.ts';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import type { ReceivedSpan } from '../trace-receiver/otlp.ts';
import { listenForOtlp } from '../trace-receiver/otlp.ts';
import {
  corePortOf,
  createBuyer,
  ITEMS,
  walkIntoErrors,
  walkOverGrpc,
  walkOverHttp,
  walkOverMcp,
} from './every-path.ts';
import { walkAsAgents, walkToCoreWithStrayNames, walkWithStrayNames } from './agent-paths.ts';
import { makeDataDir } from './database.ts';
import { freePortPair } from './free-ports.ts';
import { plantItems, runSql } from './plant.ts';
import { startStack } from './stack.ts';

const receiptKey = newReceiptKey();
/** What the hashes of agents in telemetry are made with. */
export const AGENT_ID_KEY = 'hashes-Hd6Tc2Yf8Wq5';
const VARIABLES = {
  PRICING_SECRET: 'pricing-Vb5Nn1Rk9Jd4',
  MISTRAL_API_KEY: 'vendor-Zq8Wm3Xt7Lp2',
  TELEMETRY_AGENT_ID_KEY: AGENT_ID_KEY,
  RECEIPT_KEYS: writeKeySet([receiptKey]),
};
const seed = Buffer.from(receiptKey.d, 'base64url');

/** What nobody may find: of the receipts' key its private half, however it is written. */
export const SECRETS: readonly string[] = [
  VARIABLES.PRICING_SECRET,
  VARIABLES.MISTRAL_API_KEY,
  AGENT_ID_KEY,
  receiptKey.d,
  seed.toString('base64'),
  seed.toString('hex'),
];
/** The public half, which everybody may see. */
export const RECEIPT_KEY_X: string = receiptKey.x;

interface VendorRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** All that came out, as text, by the way it left Aura. */
export interface Collected {
  readonly spans: string;
  readonly logs: string;
  readonly metrics: string;
  readonly http: string;
  readonly grpc: string;
  readonly vendor: string;
  readonly vendorRequests: readonly VendorRequest[];
  /** The status or the outcome of each answer, in order. */
  readonly outcomes: readonly string[];
  /** The messages that came with counter-offers. */
  readonly messages: readonly string[];
}

export async function walkEveryPath(env: NodeJS.ProcessEnv): Promise<Collected> {
  const dataDir = await makeDataDir();
  const vendor = createOfflineMistral();
  const spans: ReceivedSpan[] = [];
  const otlp = await listenForOtlp({ host: '127.0.0.1', port: 0 }, (received) =>
    spans.push(...received),
  );
  try {
    const vendorUrl = await vendor.listen({ host: '127.0.0.1', port: 0 });
    const metricsPort = await freePortPair();
    const stack = await startStack({
      ...VARIABLES,
      DATA_DIR: dataDir,
      MISTRAL_SERVER_URL: vendorUrl,
      HIGH_VALUE_THRESHOLDS: 'EUR:2000000,USD:100',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlp.port}`,
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
      LOG_LEVEL: 'trace',
      ...env,
    });
    const buyer = createBuyer(stack);
    let metrics = '';
    let grpc = '';
    try {
      await plantItems(dataDir, vendorUrl, ITEMS);
      await runSql(dataDir, `update inventory_items set active = false where id = 'closed_lodge'`);
      await walkOverHttp(buyer, vendor);
      await walkOverMcp(buyer);
      await walkAsAgents(buyer, stack.url);
      await walkWithStrayNames(buyer);
      const core = await corePortOf(stack);
      grpc = [await walkOverGrpc(core), await walkToCoreWithStrayNames(core)].join('\n');
      await walkIntoErrors(buyer, dataDir);
      for (const port of [metricsPort, metricsPort + 1]) {
        metrics += await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      }
    } finally {
      // The services send their last spans before they end.
      await stack.stop();
    }
    const { requests } = (await vendor.inject('/__requests')).json<{
      requests: VendorRequest[];
    }>();
    return {
      // Ids and times are left out: they are random digits, among which anything can be found.
      spans: spans
        .map(
          ({ traceId: _t, spanId: _s, parentSpanId: _p, startUs: _u, durationUs: _d, ...rest }) =>
            JSON.stringify(rest),
        )
        .join('\n'),
      logs: stack.output(),
      metrics,
      http: buyer.answers.join('\n'),
      grpc,
      vendor: requests.map((request) => JSON.stringify(request)).join('\n'),
      vendorRequests: requests,
      outcomes: buyer.outcomes,
      messages: buyer.messages,
    };
  } finally {
    otlp.close();
    await vendor.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
