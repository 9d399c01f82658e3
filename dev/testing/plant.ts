import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createModels } from '../../core-service/src/context.ts';
import { openDatabase } from '../../core-service/src/db/client.ts';
import { seedInventory } from '../../core-service/src/inventory/seed.ts';
import type { ItemRow } from '../../core-service/src/inventory/item-row.ts';
import { createLogger } from '../../core-service/src/logger.ts';

const logger = createLogger({ level: 'silent', service: 'test' });

/** Adds items to a running stack's database the way the seed does, by the vendor's embedder. */
export function plantItems(
  dataDir: string,
  vendorUrl: string,
  items: readonly ItemRow[],
): Promise<void> {
  const limits = {
    tokensPerMinute: 1,
    tokensPerDay: 1,
    tokensPerAgentMinute: 1,
    tokensPerAgentDay: 1,
    concurrency: 1,
  };
  const model = {
    apiKey: 'planting',
    serverUrl: vendorUrl,
    chatModel: 'none',
    limits,
    embedCallsPerSecond: 1,
  };
  return withDatabase(dataDir, async ({ db }) => {
    const { embedder } = await createModels({ model, embedModel: 'mistral-embed' }, logger);
    await seedInventory(db, embedder, items);
  });
}

/** Runs statements in a running stack's database. */
export function runSql(dataDir: string, ...statements: readonly string[]): Promise<void> {
  return withDatabase(dataDir, async ({ db }) => {
    for (const statement of statements) await db.execute(statement);
  });
}

async function withDatabase(
  dataDir: string,
  work: (database: ReturnType<typeof openDatabase>) => Promise<void>,
): Promise<void> {
  const url = readFileSync(join(dataDir, 'database-url'), 'utf8').trim();
  const database = openDatabase({ url, poolSize: 1 }, logger);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
