import type { Context } from '../context.ts';
import { LOCAL_EMBEDDERS } from '../llm/local-embedder.ts';
import type { Embedder } from '../llm/embedder.ts';
import { createLocalEmbedder } from '../llm/embedder.ts';
import { findInventoryModel, isUnsearchable } from './model-repository.ts';

type Parts = Pick<Context, 'db' | 'embedder' | 'searched'>;

/**
 * Looks whose vectors the inventory has, and has queries embedded by that model from now on: core's own,
 * or a version of the local one, which every core has. So searches go on while the vectors of another model
 * are made beside those that are there, until it takes over.
 *
 * @returns false when there are items on sale, and no vector that could be compared
 */
export async function followInventory({ db, embedder, searched }: Parts): Promise<boolean> {
  const model = (await findInventoryModel(db)) ?? embedder.model;
  searched.by = embedderOf(model, embedder, searched.by);
  return !(await isUnsearchable(db, searched.by.model));
}

function embedderOf(model: string, ...known: readonly Embedder[]): Embedder {
  const found = known.find((each) => each.model === model);
  if (found) return found;
  return LOCAL_EMBEDDERS.has(model) ? createLocalEmbedder(model) : (known[0] as Embedder);
}
