import type { Context } from '../context.ts';
import { chooseEmbedder } from './choose-embedder.ts';
import { embedInventory } from './embed-inventory.ts';
import type { Embedded, Progress } from './embed-items.ts';
import * as events from './events.ts';
import type { Rejected } from './import-items.ts';
import { importItems } from './import-items.ts';
import type { Changes } from './import-repository.ts';
import type { Leftover } from './leftovers.ts';
import type { Line } from './read-file.ts';

/** The vectors after an import: the items were embedded, or are left to a core that has the model. */
export type Vectors = { readonly model: string } & (Embedded | { readonly leftTo: string });

export interface ImportListener {
  readonly onRead?: (lines: number) => void;
  /** The items are written, and found by their words; `leftovers` may not have been meant. */
  readonly onImported: (changes: Changes, leftovers: readonly Leftover[]) => void;
  readonly onEmbedded: (progress: Progress) => void;
}

/**
 * Brings items into the inventory, all of them or, when one has a mistake, none, and then gives them
 * vectors, by the embedder that the inventory has: the one verb behind the command and behind the RPC.
 *
 * @returns what became of the vectors, or why nothing was changed
 * @throws what `importItems` and `embedInventory` throw
 */
export async function importInventory(
  ctx: Pick<Context, 'embedder' | 'previousEmbedder' | 'inBulk' | 'logger'>,
  lines: AsyncIterable<Line>,
  signal: AbortSignal,
  { onRead = () => undefined, onImported, onEmbedded }: ImportListener,
): Promise<Vectors | { readonly rejected: Rejected }> {
  const { model, embedder } = await ctx.inBulk((db) => chooseEmbedder(db, ctx));
  const imported = await ctx.inBulk((db) => importItems(db, lines, { signal, onRead }));
  if ('rejected' in imported) return imported;
  onImported(imported.changes, imported.leftovers);
  events.itemsImported(ctx.logger, imported.changes);
  if (!embedder) return { model, leftTo: model };
  const embedded = await embedInventory({ ...ctx, embedder }, { signal, onProgress: onEmbedded });
  return { model, ...embedded };
}
