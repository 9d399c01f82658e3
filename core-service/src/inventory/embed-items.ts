import type { Db } from '../db/client.ts';
import type { Embedder } from '../llm/embedder.ts';
import type { Unembedded } from './embedding-repository.ts';
import { countUnembedded, findUnembedded, storeVectors } from './embedding-repository.ts';
import { itemText } from './item-text.ts';

/** Items are embedded, and their vectors kept, this many at a time. */
const BATCH = 64;

export interface EmbedOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

export interface Embedded {
  readonly count: number;
  /** Items that the embedder refuses, each by itself: they have no vector. */
  readonly refused: readonly string[];
}

/**
 * Gives each item a vector of the embedder's model that has none, or one of a text that is no longer
 * its own. Each batch is kept at once: what was cut off goes on from there when it is called again.
 *
 * @throws what the embedder throws; what was done before stays
 */
export async function embedItems(
  db: Db,
  embedder: Embedder,
  options: EmbedOptions = {},
): Promise<Embedded> {
  const { signal, onProgress } = options;
  const of = await countUnembedded(db, embedder.model);
  const refused = new Set<string>();
  let count = 0;
  const embed = async (items: readonly Unembedded[]): Promise<void> => {
    try {
      const vectors = await embedder.embed(items.map(itemText), signal);
      count += await storeVectors(db, embedder.model, items, vectors);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [first] = items;
      if (items.length === 1 && first) refused.add(first.id);
      else {
        const half = Math.ceil(items.length / 2);
        for (const part of [items.slice(0, half), items.slice(half)]) await embed(part);
      }
    }
  };
  for (let before = -1; before < count;) {
    before = count;
    for (let after = ''; ;) {
      signal?.throwIfAborted();
      const found = await findUnembedded(db, { model: embedder.model, after, limit: BATCH });
      const last = found.at(-1);
      if (!last) break;
      after = last.id;
      const due = found.filter(({ id }) => !refused.has(id));
      if (due.length > 0) await embed(due);
      onProgress?.({ done: count, of: Math.max(count, of) });
    }
    // The next time over is for items that were changed meanwhile.
  }
  return { count, refused: [...refused] };
}

/** The texts are at fault, not the vendor: a part of them may be accepted. */
function isRefusal(error: unknown): boolean {
  const { statusCode } = error as { readonly statusCode?: number };
  return statusCode === 400 || statusCode === 413 || statusCode === 422;
}
