import type { Context } from '../context.ts';
import { asDomainError, DomainError } from '../errors.ts';
import type { Embedded, EmbedOptions } from './embed-items.ts';
import { embedItems } from './embed-items.ts';

/**
 * Gives each item a vector that has none, on a connection of its own; with `replacing`, each that has
 * none of the embedder's. What was cut off goes on from there the next time.
 *
 * @throws DomainError `unavailable` EMBEDDER_FAILED, caused by what the embedder threw; what the
 *   signal's reason is when it was aborted
 */
export function embedInventory(
  ctx: Pick<Context, 'embedder' | 'inBulk'>,
  options: EmbedOptions,
): Promise<Embedded> {
  return ctx.inBulk((db) =>
    embedItems(db, ctx.embedder, options).catch((error: unknown) => {
      if (options.signal?.aborted || asDomainError(error)) throw error;
      throw new DomainError('unavailable', 'EMBEDDER_FAILED', 'the embedder failed', {
        cause: error,
      });
    }),
  );
}
