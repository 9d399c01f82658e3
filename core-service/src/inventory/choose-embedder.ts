import type { Context } from '../context.ts';
import type { Db } from '../db/client.ts';
import type { Embedder } from '../llm/embedder.ts';
import { createLocalEmbedder } from '../llm/embedder.ts';
import { isSuccessor, LOCAL_EMBEDDING_MODEL } from '../llm/local-embedder.ts';
import { findInventoryModel } from '../search/model-repository.ts';

export interface Choice {
  /** The model that the inventory is embedded by, or will be. */
  readonly model: string;
  /** Undefined when that model cannot be had here: only a core that has it may embed the items. */
  readonly embedder: Embedder | undefined;
}

/**
 * Chooses who embeds new items: the embedder that the inventory has, whichever is configured here,
 * because a search compares the vectors of one model only. An inventory without any vector takes ours,
 * and one of the local embedder of the release before takes this release's.
 */
export async function chooseEmbedder(
  db: Db,
  { embedder: own, previousEmbedder }: Pick<Context, 'embedder' | 'previousEmbedder'>,
): Promise<Choice> {
  const current = (await findInventoryModel(db)) ?? own.model;
  const model = isSuccessor(current, LOCAL_EMBEDDING_MODEL) ? LOCAL_EMBEDDING_MODEL : current;
  const known = [own, previousEmbedder].find((each) => each?.model === model);
  if (known) return { model, embedder: known };
  const isLocal = model === LOCAL_EMBEDDING_MODEL;
  return { model, embedder: isLocal ? createLocalEmbedder() : undefined };
}
