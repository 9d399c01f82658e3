/** Core as it runs in production, as the seller: over gRPC, on a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { migrateDatabase } from '../../../core-service/src/db/migrate.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import { toMajor, toMinor } from '../../../core-service/src/money.ts';
import { createGrpcClient } from '../../../core-service/test/grpc-client.ts';
import { Part } from '../../local-stack/part.ts';
import { startService } from '../../testing/service.ts';
import type { Case } from './cases.ts';
import { ITEMS, itemTerms, SECRET } from './cases.ts';
import type { Answer } from '../../../core-service/src/negotiation/simulate/play.ts';

const CURRENCY = 'USD';

export interface CoreSeller {
  readonly sellerOf: (one: Case) => (bid: number) => Promise<Answer>;
  stop(): Promise<void>;
}

/**
 * Starts core without a model and gives it the items of the bench.
 *
 * @param databaseUrl an empty Postgres with pgvector; undefined for an embedded one
 */
export async function startCoreSeller(databaseUrl: string | undefined): Promise<CoreSeller> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-bench-'));
  const embedded =
    databaseUrl === undefined &&
    new Part(
      'database',
      'dev',
      ['local-stack/database.ts'],
      { ...process.env, DATA_DIR: dataDir },
      () => {},
    );
  const url = databaseUrl ?? ((embedded && (await embedded.started()).url) as string);
  if (databaseUrl !== undefined) await migrateDatabase(databaseUrl);
  await addItems(url);
  const core = await startService(
    'core-service',
    {
      DATABASE_URL: url,
      DATABASE_POOL_SIZE: embedded ? '1' : '10',
      GRPC_PORT: '0',
      PRICING_SECRET: SECRET,
      HIGH_VALUE_THRESHOLDS: `${CURRENCY}:1000000`,
      OTEL_TRACES_EXPORTER: 'none',
    },
    { quiet: true },
  );
  const client = createGrpcClient(core.port);

  const sellerOf: CoreSeller['sellerOf'] = ({ itemId, agentDid }) => {
    let sessionToken = '';
    return async (bid) => {
      const bidAmount = toMajor(bid, CURRENCY);
      const agent = { did: agentDid };
      const answer = await client.negotiate({ itemId, bidAmount, agent, sessionToken });
      sessionToken = answer.sessionToken;
      if (answer.accepted) return { kind: 'deal', price: minor(answer.accepted.finalPrice) };
      if (answer.countered) return { kind: 'ask', ask: minor(answer.countered.proposedPrice) };
      return { kind: 'end' };
    };
  };
  return {
    sellerOf,
    stop: async () => {
      client.close();
      await core.stop();
      if (embedded) await embedded.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const minor = (amount: number): number => toMinor(amount, CURRENCY) as number;

async function addItems(url: string): Promise<void> {
  const rows = Array.from({ length: ITEMS }, (_, i) => {
    const { baseMinor, floorMinor } = itemTerms(i);
    return `('bench-${i}', 'Bench', 'For the bench.', ${baseMinor}, ${floorMinor}, '${CURRENCY}')`;
  });
  const logger = createLogger({ level: 'silent', service: 'bench' });
  const database = openDatabase({ url, poolSize: 1 }, logger);
  try {
    await database.db.execute(
      `insert into inventory_items
         (id, name, description, base_price_minor, floor_price_minor, currency)
       values ${rows.join()} on conflict do nothing`,
    );
  } finally {
    await database.close();
  }
}
