import type { Db } from '../db/client.ts';
import type { Embedder } from '../llm/embedder.ts';
import type { Unembedded } from './embedding-repository.ts';
import {
  BARE,
  countItems,
  findUnembedded,
  storeVectors,
  withoutVectorOf,
} from './embedding-repository.ts';
import { itemText } from './item-text.ts';

/** Items are embedded, and their vectors kept, this many at a time. */
const BATCH = 64;

export interface EmbedOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Vectors of other models are replaced too; without it only items that have none get one. */
  readonly replacing?: boolean;
  /** The item to begin with; those before it come last. */
  readonly from?: string;
  /** Items that were refused before, by their versions: the embedder is not asked again for these. */
  readonly known?: ReadonlyMap<string, string>;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

export interface Embedded {
  readonly count: number;
  /** Items that the embedder refuses, each by itself: they have no vector. Versions by id. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Gives each item a vector that has none, and where it is asked to, each that has one of another model
 * than the embedder's. Each batch is kept at once: what was cut off goes on from there when it is called again.
 *
 * @throws what the embedder throws; what was done before stays
 */
export async function embedItems(
  db: Db,
  embedder: Embedder,
  options: EmbedOptions = {},
): Promise<Embedded> {
  const { signal, onProgress, replacing = false, from = '', known = new Map() } = options;
  const which = replacing ? withoutVectorOf(embedder.model) : BARE;
  const of = await countItems(db, which);
  const refused = new Map<string, string>(known);
  let count = 0;
  const embed = async (items: readonly Unembedded[]): Promise<void> => {
    try {
      const vectors = await embedder.embed(items.map(itemText), signal);
      count += await storeVectors(db, embedder.model, items, vectors);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [first] = items;
      if (items.length === 1 && first) refused.set(first.id, first.version);
      else {
        const half = Math.ceil(items.length / 2);
        for (const part of [items.slice(0, half), items.slice(half)]) await embed(part);
      }
    }
  };
  let start = from;
  let isWhole = false;
  for (let before = -1; before < count || !isWhole;) {
    before = count;
    isWhole = start === '';
    for (let after = start; ;) {
      signal?.throwIfAborted();
      const found = await findUnembedded(db, { which, after, limit: BATCH });
      const last = found.at(-1);
      if (!last) break;
      after = last.id;
      const due = found.filter(({ id, version }) => refused.get(id) !== version);
      if (due.length > 0) await embed(due);
      onProgress?.({ done: count, of: Math.max(count, of) });
    }
    // The next time over is for items before the first one, and for those that were changed meanwhile.
    start = '';
  }
  return { count, refused };
}

/** The texts are at fault, not the vendor: a part of them may be accepted. */
function isRefusal(error: unknown): boolean {
  const { statusCode } = error as { readonly statusCode?: number };
  return statusCode === 400 || statusCode === 413 || statusCode === 422;
}
