import type { Config } from './config.ts';
import type { Database, Db } from './db/client.ts';
import { openDatabase } from './db/client.ts';
import type { Embedder } from './llm/embeddings.ts';
import { createLocalEmbedder } from './llm/embeddings.ts';
import type { Haggler } from './llm/haggler.ts';
import type { Logger } from './logger.ts';

/** All that the use cases depend on. */
export interface Context {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly db: Db;
  readonly embedder: Embedder;
  /** Undefined without a model: the policy answers alone. */
  readonly haggler: Haggler | undefined;
  close(): Promise<void>;
}

/** Opens what the config names; tests pass `overrides` for what they bring themselves. */
export async function createContext(
  config: Config,
  logger: Logger,
  overrides: Partial<Pick<Context, 'embedder' | 'haggler'>> = {},
): Promise<Context> {
  const { embedder, haggler } = { ...(await createModels(config, logger)), ...overrides };
  const database = openDatabase(config.database, logger.child({ logger: 'database' }));
  const close = () => database.close();
  return { config, logger, database, db: database.db, embedder, haggler, close };
}

/** Loads LangChain only when there is a model to talk to. */
export async function createModels(
  config: Pick<Config, 'model' | 'embedModel'>,
  logger: Logger,
): Promise<Pick<Context, 'embedder' | 'haggler'>> {
  const { model, embedModel } = config;
  if (!model) return { embedder: createLocalEmbedder(), haggler: undefined };
  const { createMistralEmbedder, createMistralHaggler } = await import('./llm/mistral.ts');
  return {
    embedder: embedModel ? createMistralEmbedder(model, embedModel) : createLocalEmbedder(),
    haggler: createMistralHaggler(model, logger.child({ logger: 'llm' })),
  };
}
