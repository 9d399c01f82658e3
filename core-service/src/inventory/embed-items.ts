import type { Db } from '../db/client.ts';
import type { Embedder } from '../llm/embedder.ts';
import { LOCAL_EMBEDDERS } from '../llm/local-embedder.ts';
import { findInventoryModel } from '../search/model-repository.ts';
import type { Unembedded } from './embedding-repository.ts';
import {
  adoptModel,
  analyzeVectors,
  countBare,
  findUnembedded,
  storeVectors,
} from './embedding-repository.ts';
import { dropIndexFor, ensureIndex } from './index-repository.ts';
import { itemText } from './item-text.ts';

/** Items are embedded, and their vectors kept, this many at a time. */
const BATCH = 64;
/** After fewer new vectors the planner does as well without knowing of them. */
const MANY = 50;

export interface EmbedOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
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
 * Gives each item a vector that has none of the embedder's. Those of other models stay beside them, and
 * are searched until `adoptModel` says otherwise; an inventory without any becomes the embedder's at once.
 * Each batch is kept at once: what was cut off goes on from there when it is called again.
 *
 * @throws what the embedder throws; what was done before stays
 */
export async function embedItems(
  db: Db,
  embedder: Embedder,
  options: EmbedOptions = {},
): Promise<Embedded> {
  const { model } = embedder;
  if ((await findInventoryModel(db)) === undefined) await adoptModel(db, model);
  const of = await countBare(db, model);
  const isInBulk = await dropIndexFor(db, of);
  try {
    const embedded = await embedBare(db, embedder, { ...options, of });
    // They are kept whatever becomes of this.
    if (embedded.count >= MANY) await analyzeVectors(db).catch(() => undefined);
    return embedded;
  } finally {
    if (isInBulk) await ensureIndex(db);
  }
}

async function embedBare(
  db: Db,
  embedder: Embedder,
  options: EmbedOptions & { readonly of: number },
): Promise<Embedded> {
  const { signal, onProgress, from = '', known = new Map(), of } = options;
  const { model } = embedder;
  const refused = new Map<string, string>(known);
  let count = 0;
  const store = async (
    items: readonly Unembedded[],
    vectors: readonly (readonly number[])[],
  ): Promise<void> => {
    count += await storeVectors(db, model, items, vectors);
    onProgress?.({ done: count, of: Math.max(count, of) });
  };
  let start = from;
  let isWhole = false;
  for (let before = -1; before < count || !isWhole;) {
    before = count;
    isWhole = start === '';
    // The database keeps one batch while the next one is embedded.
    let kept: Promise<void> = Promise.resolve();
    try {
      for (let after = start; ;) {
        signal?.throwIfAborted();
        const found = await findUnembedded(db, { model, after, limit: BATCH });
        const last = found.at(-1);
        if (!last) break;
        after = last.id;
        const due = found.filter(({ id, version }) => refused.get(id) !== version);
        for (const { items, vectors } of await embedAll(embedder, due, refused, signal)) {
          await kept;
          kept = store(items, vectors);
          kept.catch(() => undefined);
          // A vendor's vectors are paid for: none are asked for that a stop would throw away.
          if (!LOCAL_EMBEDDERS.has(model)) await kept;
        }
      }
    } finally {
      await kept;
    }
    // The next time over is for items before the first one, and for those that were changed meanwhile.
    start = '';
  }
  return { count, refused };
}

type Made = { readonly items: readonly Unembedded[]; readonly vectors: readonly number[][] };

/** Embeds items together or, where the embedder refuses that, in halves; what it refuses alone is noted. */
async function embedAll(
  embedder: Embedder,
  items: readonly Unembedded[],
  refused: Map<string, string>,
  signal?: AbortSignal,
): Promise<Made[]> {
  if (items.length === 0) return [];
  try {
    return [{ items, vectors: await embedder.embed(items.map(itemText), signal) }];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [first] = items;
    if (items.length === 1 && first) {
      refused.set(first.id, first.version);
      return [];
    }
    const half = Math.ceil(items.length / 2);
    const made: Made[] = [];
    for (const part of [items.slice(0, half), items.slice(half)]) {
      made.push(...(await embedAll(embedder, part, refused, signal)));
    }
    return made;
  }
}

/** The texts are at fault, not the vendor: a part of them may be accepted. */
function isRefusal(error: unknown): boolean {
  const { statusCode } = error as { readonly statusCode?: number };
  return statusCode === 400 || statusCode === 413 || statusCode === 422;
}
