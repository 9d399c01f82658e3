import type { Config } from './config.ts';
import type { Database, Db } from './db/client.ts';
import { openDatabase } from './db/client.ts';
import { sharesSession } from './db/shared-session.ts';
import { takeTokens } from './llm/budget-repository.ts';
import type { ChatModel } from './llm/chat-model.ts';
import type { Embedder } from './llm/embedder.ts';
import { createLocalEmbedder } from './llm/embedder.ts';
import { embedderWaits } from './llm/events.ts';
import type { Wait } from './llm/patient-embedder.ts';
import type { TakeTokens } from './llm/shared-budget.ts';
import { openReadReplica } from './db/read-replica.ts';
import type { Logger } from './logger.ts';

/** The parts that the use cases depend on. */
export interface Context {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly db: Db;
  /** Searches read this: a replica while it is fresh, else the same as `db`. */
  readonly readDb: Db;
  readonly embedder: Embedder;
  /**
   * By the vectors of this one core can search and embed too, as long as the inventory has them: while one
   * takes the place of the other no core has to be replaced at that very moment.
   */
  readonly previousEmbedder: Embedder | undefined;
  /** Queries are embedded by this one: the one whose vectors the inventory has, at the last look. */
  readonly searched: { by: Embedder };
  /** Undefined without a model: the policy answers alone. */
  readonly chat: ChatModel | undefined;
  /** Runs long work on a connection of its own, so that no buyer waits for it. */
  inBulk<T>(work: (db: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens what the config names; tests pass `overrides` for what they bring themselves. */
export async function createContext(
  config: Config,
  logger: Logger,
  overrides: Partial<Pick<Context, 'embedder' | 'previousEmbedder' | 'chat'>> = {},
): Promise<Context> {
  const { readUrl, poolSize } = config.database;
  const log = logger.child({ logger: 'database' });
  const database = openDatabase(config.database, log);
  const models = {
    ...(await createModels(config, logger)),
    chat: await createChat(config, logger, database.db),
    ...overrides,
  };
  const replica = readUrl ? openReadReplica({ url: readUrl, poolSize }, database, log) : undefined;
  return {
    config,
    logger,
    database,
    db: database.db,
    readDb: replica?.db ?? database.db,
    ...models,
    searched: { by: models.embedder },
    inBulk: (work) => inBulk(config, logger, work),
    close: async () => {
      await replica?.close();
      await database.close();
    },
  };
}

/** Opens one connection with time for long statements, and closes it when the work has ended. */
export async function inBulk<T>(
  config: Config,
  logger: Logger,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const { url } = config.database;
  const isShared = sharesSession(config.database);
  const database = openDatabase({ url, poolSize: 1, bulk: true, isShared }, logger);
  try {
    return await work(database.db);
  } finally {
    await database.close();
  }
}

/** Loads LangChain only when there is a model to talk to. */
async function createChat(
  { model }: Pick<Config, 'model'>,
  logger: Logger,
  db: Db,
): Promise<ChatModel | undefined> {
  if (!model) return undefined;
  const { createMistralChat } = await import('./llm/mistral-chat.ts');
  const take: TakeTokens = (wish) => takeTokens(db, wish);
  return createMistralChat(model, logger.child({ logger: 'llm' }), take);
}

/**
 * Makes the embedders, and loads the vendor's client only when one of them needs it.
 *
 * @param onWait is told when the embedder's vendor wants to be left alone for some seconds
 */
export async function createModels(
  config: Pick<Config, 'model' | 'embedModel' | 'previousEmbedModel'>,
  logger: Logger,
  onWait = (wait: Wait): void => embedderWaits(logger.child({ logger: 'llm' }), wait),
): Promise<Pick<Context, 'embedder' | 'previousEmbedder'>> {
  const { model, embedModel, previousEmbedModel: previous } = config;
  if (!model) {
    return { embedder: createLocalEmbedder(), previousEmbedder: undefined };
  }
  return {
    embedder: embedModel
      ? await createVendorEmbedder(model, embedModel, onWait)
      : createLocalEmbedder(),
    previousEmbedder: previous ? await createVendorEmbedder(model, previous, onWait) : undefined,
  };
}

async function createVendorEmbedder(
  model: NonNullable<Config['model']>,
  embedModel: string,
  onWait: (wait: Wait) => void,
): Promise<Embedder> {
  const { createMistralEmbedder } = await import('./llm/mistral-embedder.ts');
  return createMistralEmbedder(model, embedModel, { onWait });
}
