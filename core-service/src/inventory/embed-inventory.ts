import type { Context } from '../context.ts';
import { asDomainError, DomainError } from '../errors.ts';
import { isSuccessor } from '../llm/local-embedder.ts';
import { findInventoryModel } from '../search/model-repository.ts';
import type { Embedded, EmbedOptions } from './embed-items.ts';
import { embedItems } from './embed-items.ts';
import { adoptModel } from './embedding-repository.ts';

/**
 * Gives each item a vector that has none of the embedder's, on a connection of its own. With `replacing`,
 * or as the successor of the local embedder that the inventory has, the embedder takes over the inventory when
 * all are made, and searches go by the former vectors until then.
 * What was cut off goes on from there the next time.
 *
 * @throws DomainError `unavailable` EMBEDDER_FAILED, caused by what the embedder threw; what the
 *   signal's reason is when it was aborted
 */
export function embedInventory(
  ctx: Pick<Context, 'embedder' | 'inBulk'>,
  { replacing = false, ...options }: EmbedOptions & { readonly replacing?: boolean },
): Promise<Embedded> {
  return ctx.inBulk(async (db) => {
    try {
      const embedded = await embedItems(db, ctx.embedder, options);
      const { model } = ctx.embedder;
      if (replacing || isSuccessor(await findInventoryModel(db), model))
        await adoptModel(db, model);
      return embedded;
    } catch (error) {
      if (options.signal?.aborted || asDomainError(error)) throw error;
      throw new DomainError('unavailable', 'EMBEDDER_FAILED', 'the embedder failed', {
        cause: error,
      });
    }
  });
}
