import type { Db } from '../db/client.ts';
import type { Embedder } from '../llm/embeddings.ts';
import { itemText } from '../llm/embeddings.ts';
import { countUnembedded, findUnembedded, storeVectors } from './embedding-repository.ts';

const BATCH = 64;

export interface Progress {
  readonly done: number;
  readonly of: number;
}

/**
 * Gives each item a vector of the embedder's model that has none, or one of a text that is no longer
 * its own. Each batch is kept at once: what was cut off goes on from there when it is called again.
 *
 * @returns how many it embedded
 * @throws what the embedder throws; what was done before stays
 */
export async function embedItems(
  db: Db,
  embedder: Embedder,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: Progress) => void;
  } = {},
): Promise<number> {
  const { signal, onProgress } = options;
  const of = await countUnembedded(db, embedder.model);
  let done = 0;
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const items = await findUnembedded(db, { model: embedder.model, after, limit: BATCH });
    const last = items.at(-1);
    // An item that was changed meanwhile comes with the next round.
    if (!last && after === '') return done;
    after = last?.id ?? '';
    if (!last) continue;
    const vectors = await embedder.embed(items.map(itemText), signal);
    done += await storeVectors(db, embedder.model, items, vectors);
    onProgress?.({ done, of: Math.max(done, of) });
  }
}
