/** `node src/db/cli.ts migrate | seed [--if-needed]`: the process around the two. */
import { ConfigError, readConfig } from '../config.ts';
import { createModels } from '../context.ts';
import { rootCause } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { openDatabase } from './client.ts';
import { migrateDatabase } from './migrate.ts';
import { needsSeed, readSeed, seedInventory } from './seed.ts';

const [command, flag] = process.argv.slice(2);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

try {
  // Neither of the two prices anything, so they must not ask for the secret.
  const config = readConfig({ PRICING_SECRET: 'unused'.padEnd(16, '-'), ...process.env });
  if (command === 'migrate') {
    await migrateDatabase(config.database.url);
    say('The database has the newest schema.');
  } else if (command === 'seed') {
    const logger = createLogger({ level: 'warn', service: config.serviceName });
    const { embedder } = await createModels(config, logger);
    const database = openDatabase(config.database, logger);
    try {
      if (flag !== '--if-needed' || (await needsSeed(database.db, embedder.model))) {
        const count = await seedInventory(database.db, embedder, await readSeed());
        say(`${count} items are in the inventory, embedded by ${embedder.model}.`);
      }
    } finally {
      await database.close();
    }
  } else {
    throw new ConfigError(`"${command ?? ''}" is neither migrate nor seed`);
  }
} catch (error) {
  const root = rootCause(error) as { code?: string; message: string };
  const line = root.message || `the database cannot be reached (${root.code})`;
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
