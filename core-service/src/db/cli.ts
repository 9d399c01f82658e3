/**
 * `node src/db/cli.ts migrate | seed [--if-needed] | prepare`: the process around the two.
 * `prepare` does all that has to be done before core can start: the file PRICING_SECRET_FILE, the
 * schema, the sample inventory where there is none, and vectors for what has none.
 */
import { ConfigError, readConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { createModels } from '../context.ts';
import { embedItems } from '../inventory/embed-items.ts';
import { rootCause } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { keepPricingSecret } from '../pricing-secret.ts';
import { openDatabase } from './client.ts';
import { migrateDatabase } from './migrate.ts';
import { needsSeed, readSeed, seedInventory } from './seed.ts';

const [command, flag] = process.argv.slice(2);
/** What the SDK of Mistral calls the calls that got no answer. */
const NO_ANSWER = /^(Connection|RequestTimeout|RequestAborted|UnexpectedClient|Embedding)Error$/;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

try {
  const secretFile = process.env['PRICING_SECRET_FILE'];
  if (command === 'prepare' && secretFile) keepPricingSecret(secretFile);
  // None of them prices anything, so they must not ask for the secret.
  const config = readConfig({ PRICING_SECRET: 'unused'.padEnd(16, '-'), ...process.env });
  if (command === 'migrate') await migrateToNewest(config);
  else if (command === 'seed') await seed(config, flag === '--if-needed');
  else if (command === 'prepare') {
    await migrateToNewest(config);
    await seed(config, true);
  } else {
    throw new ConfigError(`"${command ?? ''}" is none of migrate, seed and prepare`);
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function migrateToNewest({ database }: Config): Promise<void> {
  await migrateDatabase(database.url);
  say('The database has the newest schema.');
}

async function seed(config: Config, ifNeeded: boolean): Promise<void> {
  const logger = createLogger({ level: 'warn', service: config.serviceName });
  const { embedder } = await createModels(config, logger);
  const { url } = config.database;
  const database = openDatabase({ url, poolSize: 1, bulk: true }, logger);
  try {
    if (!ifNeeded || (await needsSeed(database.db))) {
      const count = await seedInventory(database.db, embedder, await readSeed());
      say(`${count} items are in the inventory, embedded by ${embedder.model}.`);
    } else {
      // By another embedder than before, or an import was cut off.
      const { count } = await embedItems(database.db, embedder);
      if (count > 0) say(`${count} items were embedded by ${embedder.model}.`);
    }
  } finally {
    await database.close();
  }
}

/** One line that names the variable to look at. */
function explain(error: unknown): string {
  const root = rootCause(error) as { code?: string; statusCode?: number; message: string };
  const text = root.message || String(root.code);
  if (error instanceof ConfigError) return text;
  if (root.statusCode === 401) return 'MISTRAL_API_KEY is refused by the server';
  if (root.statusCode !== undefined || NO_ANSWER.test((error as Error).name)) {
    return `the model at MISTRAL_SERVER_URL cannot be used: ${text}`;
  }
  return `the database at DATABASE_URL cannot be used: ${text}`;
}
