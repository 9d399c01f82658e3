import type { Context } from '../context.ts';
import { asDomainError, DomainError } from '../errors.ts';
import type { Embedder } from '../llm/embedder.ts';
import { isSuccessor } from '../llm/local-embedder.ts';
import { findInventoryModel } from '../search/model-repository.ts';
import type { Embedded, EmbedOptions } from './embed-items.ts';
import { embedItems } from './embed-items.ts';
import { adoptModel } from './embedding-repository.ts';
import { ensureIndex } from './index-repository.ts';

/**
 * Gives each item a vector that has none of the embedder's, on a connection of its own. With `replacing`,
 * or as the successor of the local embedder that the inventory has, the embedder takes over the inventory when
 * all are made, and searches go by the former vectors until then.
 * What was cut off goes on from there the next time.
 *
 * @throws DomainError `unavailable` EMBEDDER_FAILED, caused by what the embedder threw; what the
 *   signal's reason is when it was aborted; what the database throws
 */
export function embedInventory(
  ctx: Pick<Context, 'embedder' | 'inBulk'>,
  { replacing = false, ...options }: EmbedOptions & { readonly replacing?: boolean },
): Promise<Embedded> {
  return ctx.inBulk(async (db) => {
    const { embedder, hasFailed } = watched(ctx.embedder);
    try {
      const embedded = await embedItems(db, embedder, options);
      const { model } = ctx.embedder;
      // An import may have left the inventory without it.
      if (replacing) await ensureIndex(db);
      if (replacing || isSuccessor(await findInventoryModel(db), model))
        await adoptModel(db, model);
      return embedded;
    } catch (error) {
      if (options.signal?.aborted || asDomainError(error) || !hasFailed(error)) throw error;
      throw new DomainError('unavailable', 'EMBEDDER_FAILED', 'the embedder failed', {
        cause: error,
      });
    }
  });
}

/** Tells the failures of the embedder from those of the database, which may happen in between. */
function watched(inner: Embedder) {
  const failures = new Set<unknown>();
  const embed: Embedder['embed'] = (texts, signal) =>
    inner.embed(texts, signal).catch((error: unknown) => {
      failures.add(error);
      throw error;
    });
  const embedder: Embedder = { ...inner, embed };
  return { embedder, hasFailed: (error: unknown) => failures.has(error) };
}
