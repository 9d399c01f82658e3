/** `db migrate | seed | prepare | wait`: the schema and the sample inventory. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { createModels } from '../context.ts';
import { fromDatabase, isDatabaseFault } from '../db/faults.ts';
import { hasSchema, migrateDatabase } from '../db/migrate.ts';
import { chooseEmbedder } from '../inventory/choose-embedder.ts';
import { embedItems } from '../inventory/embed-items.ts';
import { needsSeed, readSeed, seedInventory } from '../inventory/seed.ts';
import { findInventoryModel } from '../search/model-repository.ts';
import { sayWhoEmbeds } from './inventory-vectors.ts';
import { keepReceiptKeys } from './deals-receipts.ts';
import { keepPricingSecret } from './pricing-secret.ts';
import { onDatabase, readCommandConfig, say } from './run.ts';

/** Milliseconds between two looks at a schema that is not there yet. */
const LOOK_MS = 1_000;

export function addDatabaseCommands(program: Command): void {
  const db = program.command('db').description('the schema and the sample inventory');
  db.command('migrate')
    .description('brings the database to the newest schema; several may do so at once')
    .action(migrate);
  db.command('seed')
    .description('adds the sample inventory, or gives its items back what they had')
    .option(
      '--if-needed',
      'only into an empty inventory; else embeds what has no vector, if it can',
    )
    .action(({ ifNeeded = false }: { readonly ifNeeded?: boolean }) => seed(ifNeeded));
  db.command('prepare')
    .description('does all that core needs before it can start: secrets, schema, samples, vectors')
    .action(prepare);
  db.command('wait')
    .description('waits until somebody has brought the database to the schema of this release')
    .action(waitForSchema);
}

async function migrate(): Promise<void> {
  await migrateDatabase(readCommandConfig().database.url);
  say('The database has the newest schema.');
}

/** A database that is away is waited for too; one that refuses the password is not. */
async function waitForSchema(): Promise<void> {
  const { url } = readCommandConfig().database;
  const look = (): Promise<boolean> =>
    hasSchema(url).catch((error: unknown) => {
      if (isDatabaseFault(fromDatabase(error))) return false;
      throw error;
    });
  for (let looks = 0; !(await look()); looks += 1) {
    if (looks === 0) say('The database does not have the schema of this release yet.');
    await pause(LOOK_MS);
  }
  say('The database has the schema of this release.');
}

/** Makes the files PRICING_SECRET_FILE and RECEIPT_KEYS_FILE first, which all replicas share. */
async function prepare(): Promise<void> {
  const secretFile = process.env['PRICING_SECRET_FILE'];
  if (secretFile) keepPricingSecret(secretFile);
  const keysFile = process.env['RECEIPT_KEYS_FILE'];
  if (keysFile) keepReceiptKeys(keysFile);
  await migrate();
  await seed(true);
}

function seed(ifNeeded: boolean): Promise<void> {
  return onDatabase(async ({ db, config, logger }) => {
    const models = await createModels(config, logger);
    const { embedder: own, previousEmbedder } = models;
    const { model, embedder } = await chooseEmbedder(db, models);
    if (!ifNeeded || (await needsSeed(db))) {
      const count = await seedInventory(db, embedder, await readSeed());
      say(`${count} items are in the inventory${embedder ? `, embedded by ${model}` : ''}.`);
    } else if (embedder && (await findInventoryModel(db)) !== model) {
      say(`The items are embedded anew by ${model} when core runs; searches go on meanwhile.`);
    } else if (embedder) {
      // Items have no vector where an import was cut off, or was left to who has the embedder.
      const { count } = await embedItems(db, embedder);
      if (count > 0) say(`${count} items were embedded by ${model}.`);
    }
    if (!embedder) await sayWhoEmbeds(db, model, own.model);
    if (model !== own.model && model !== previousEmbedder?.model) {
      say(`The inventory is embedded by ${model}, and core by ${own.model}: a search is a 409 \
REINDEX_REQUIRED. To embed it anew: inventory reindex`);
    }
  });
}
