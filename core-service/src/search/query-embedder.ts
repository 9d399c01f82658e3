import type { Context } from '../context.ts';
import { LOCAL_EMBEDDERS } from '../llm/local-embedder.ts';
import type { Embedder } from '../llm/embedder.ts';
import { createLocalEmbedder } from '../llm/embedder.ts';
import { findInventoryModel, isUnsearchable } from './model-repository.ts';

type Parts = Pick<Context, 'db' | 'embedder' | 'previousEmbedder' | 'searched'>;

/**
 * Looks whose vectors the inventory has, and has queries embedded by that model from now on: core's own,
 * the previous one, or a version of the local one, which every core has. So searches go on while the vectors of another model
 * are made beside those that are there, until it takes over.
 *
 * @returns false when there are items on sale, and no vector that could be compared
 */
export async function followInventory(ctx: Parts): Promise<boolean> {
  const { db, embedder, previousEmbedder, searched } = ctx;
  const model = (await findInventoryModel(db)) ?? embedder.model;
  searched.by = embedderOf(model, embedder, previousEmbedder, searched.by);
  return !(await isUnsearchable(db, searched.by.model));
}

function embedderOf(
  model: string,
  own: Embedder,
  ...others: readonly (Embedder | undefined)[]
): Embedder {
  const found = [own, ...others].find((each) => each?.model === model);
  if (found) return found;
  return LOCAL_EMBEDDERS.has(model) ? createLocalEmbedder(model) : own;
}
