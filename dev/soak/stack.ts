/** Runs a gateway before two cores on a native Postgres, with a proxy before all that may fail. */
import { readFileSync } from 'node:fs';
import { openDatabase } from '../../core-service/src/db/client.ts';
import { migrateDatabase } from '../../core-service/src/db/migrate.ts';
import { seedInventory } from '../../core-service/src/inventory/seed.ts';
import { createLocalEmbedder } from '../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../core-service/src/logger.ts';
import type { FaultProxy } from '../faults/fault-proxy.ts';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import { ITEMS } from './items.ts';

export const POOL = 5;
export const ADMIN_TOKEN = 'the-seller-of-the-soak';

export interface SoakStack {
  readonly gatewayUrl: string;
  readonly gateway: Service;
  /** Two cores, of which the first is killed now and then and the second lives through all. */
  readonly cores: [Service, Service];
  readonly databaseProxies: readonly [FaultProxy, FaultProxy];
  readonly modelProxy: FaultProxy;
  readonly collectorProxy: FaultProxy;
  readonly setModelFault: (fault: string) => Promise<void>;
  restartFirstCore(): Promise<void>;
  /** Asks Postgres directly, past the proxies. */
  readonly query: <Row>(text: string) => Promise<Row[]>;
  spansOf(traceId: string): Promise<readonly { spanId: string; parentId: string | undefined }[]>;
  /** Ends the services, so that all spans are sent. @returns their exit codes */
  stopServices(): Promise<(number | null)[]>;
  close(): Promise<void>;
}

/** @param more variables of the cores beside those that they always have */
export async function startSoakStack(
  databaseUrl: string,
  more: NodeJS.ProcessEnv = {},
): Promise<SoakStack> {
  await migrateDatabase(databaseUrl);
  const silent = createLogger({ level: 'silent', service: 'soak' });
  const own = new URL(databaseUrl);
  own.searchParams.set('application_name', 'soak');
  const database = openDatabase({ url: own.href, poolSize: 2 }, silent);
  await addItems(database.db);

  const proxyFor = startFaultProxyFor;
  const databaseProxies = [await proxyFor(databaseUrl), await proxyFor(databaseUrl)] as const;
  const model = createOfflineMistral({ delayMs: 500 });
  const modelProxy = await proxyFor(await model.listen({ host: '127.0.0.1', port: 0 }));
  const receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  const collectorProxy = await proxyFor(receiver.otlpUrl);

  const shared = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorProxy.through(receiver.otlpUrl),
    SHUTDOWN_GRACE_MS: '5000',
  };
  const startCore = (i: 0 | 1, port: number): Promise<Service> =>
    startService(
      'core-service',
      {
        ...shared,
        GRPC_PORT: String(port),
        DATABASE_URL: databaseProxies[i].through(databaseUrl),
        DATABASE_POOL_SIZE: String(POOL),
        PRICING_SECRET: 'the secret of the soak',
        ADMIN_TOKEN,
        MISTRAL_API_KEY: 'any',
        MISTRAL_SERVER_URL: modelProxy.through('http://localhost/').slice(0, -1),
        MISTRAL_EMBED_MODEL: 'none',
        ...more,
      },
      { quiet: true },
    );
  const cores: [Service, Service] = [await startCore(0, 0), await startCore(1, 0)];
  const gateway = await startService(
    'api-gateway',
    {
      ...shared,
      HTTP_PORT: '0',
      CORE_SERVICE_HOST: `ipv4:${cores.map(({ port }) => `127.0.0.1:${port}`).join()}`,
      REQUEST_TIMEOUT_MS: '4000',
    },
    { quiet: true },
  );
  return {
    gatewayUrl: `http://127.0.0.1:${gateway.port}`,
    gateway,
    cores,
    databaseProxies,
    modelProxy,
    collectorProxy,
    setModelFault: async (fault) => {
      await model.inject({ method: 'PUT', url: '/__fault', payload: { fault } });
      await model.inject({ method: 'DELETE', url: '/__requests' });
    },
    restartFirstCore: async () => void (cores[0] = await startCore(0, cores[0].port)),
    query: async <Row>(text: string) => (await database.db.execute(text)).rows as Row[],
    spansOf: async (traceId) => {
      const response = await fetch(`${receiver.queryUrl}/api/traces/${traceId}`);
      const { data } = (await response.json()) as { data: JaegerData | null };
      return (data?.[0]?.spans ?? []).map(({ spanID, references }) => ({
        spanId: spanID,
        parentId: references[0]?.spanID,
      }));
    },
    stopServices: async () => [
      await gateway.stop(),
      ...(await Promise.all(cores.map((core) => core.stop()))),
    ],
    close: async () => {
      for (const proxy of [...databaseProxies, modelProxy, collectorProxy]) await proxy.close();
      await receiver.close();
      await model.close();
      await database.close();
    },
  };
}

type JaegerData = readonly {
  readonly spans: readonly {
    readonly spanID: string;
    readonly references: readonly { readonly spanID: string }[];
  }[];
}[];

async function addItems(db: Parameters<typeof seedInventory>[0]): Promise<void> {
  const items = ITEMS.map(({ id, name, description, price, floor, currency }) => ({
    id,
    name,
    description,
    currency,
    base_price_minor: price * 100,
    floor_price_minor: floor * 100,
    attributes: {},
  }));
  await seedInventory(db, createLocalEmbedder(), items);
  for (const { id, quantity } of ITEMS.filter((item) => item.quantity !== undefined)) {
    await db.execute(`update inventory_items set quantity = ${quantity} where id = '${id}'`);
  }
}

/** @returns the resident memory of a process in MiB on Linux, elsewhere 0 */
export function residentMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
