import { setTimeout as wait } from 'node:timers/promises';
import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Context } from '../context.ts';
import type { Embedder } from '../llm/embedder.ts';
import { createLocalEmbedder } from '../llm/embedder.ts';
import { isSuccessor, LOCAL_EMBEDDING_MODEL } from '../llm/local-embedder.ts';
import { findInventoryModel } from '../search/model-repository.ts';
import { embedInventory } from './embed-inventory.ts';
import type { Progress } from './embed-items.ts';
import { embedItems } from './embed-items.ts';
import { countBare, deleteReplaced, findSomeBare } from './embedding-repository.ts';
import * as events from './events.ts';
import { ensureIndex } from './index-repository.ts';

/** Milliseconds between two looks for items without a vector; half of it is left to chance. */
const INTERVAL_MS = 4_000;
/** Milliseconds after a failure in which nobody looks. */
const PAUSE_MS = 30_000;

/**
 * Embeds items that have no vector, as an import elsewhere leaves them, for as long as core runs. It
 * leaves an inventory alone that belongs to another embedder, unless that is the local one of the release
 * before, which it replaces. Several
 * replicas may do so at once: each begins somewhere else, and a vector that was made twice is kept once.
 *
 * @returns stops it; the batch under way is waited for
 */
export function keepEmbedded(
  ctx: Pick<Context, 'db' | 'embedder' | 'previousEmbedder' | 'inBulk' | 'logger'>,
  intervalMs = INTERVAL_MS,
): () => Promise<void> {
  const { db, embedder, inBulk } = ctx;
  const own = [embedder, ctx.previousEmbedder].filter((each) => each !== undefined);
  const logger = ctx.logger.child({ logger: 'inventory' });
  const stop = new AbortController();
  const { signal } = stop;
  /** Items that the embedder refused: it is not asked again until they change. */
  let known: ReadonlyMap<string, string> = new Map();
  /** True when the inventory belonged to us at the last look; undefined before the first one. */
  let wasOurs: boolean | undefined;
  /** The number of items that had no vector at the last look. */
  let before = 0;

  /** The embedder of the inventory, undefined when it is none of ours. */
  const ours = (model: string): Embedder | undefined => {
    const found = own.find((each) => each.model === model);
    if (!found && wasOurs !== false) {
      events.embedderDiffers(logger, { inventory: model, core: embedder.model });
    }
    wasOurs = found !== undefined;
    return found;
  };
  /** This release's local embedder takes the place of the former one, by itself: it costs only time. */
  const upgrade = async (): Promise<void> => {
    const local = createLocalEmbedder();
    const from = (await findSomeBare(db, local.model)) ?? '';
    const onProgress = everyTenth((progress) =>
      events.inventoryUpgrading(logger, { model: local.model, ...progress }),
    );
    await embedInventory({ inBulk, embedder: local }, { signal, from, onProgress });
    events.inventoryUpgraded(logger, { model: local.model });
  };
  const look = async (): Promise<void> => {
    const model = (await findInventoryModel(db)) ?? embedder.model;
    if (isSuccessor(model, LOCAL_EMBEDDING_MODEL)) return await upgrade();
    // A bulk load that was killed has left none.
    if (wasOurs === undefined) await inBulk(ensureIndex);
    await deleteReplaced(
      db,
      own.map(({ model: name }) => name),
    );
    const bare = await countBare(db, model);
    // Whose the inventory is, is told at the start, and then when it matters.
    if (bare === 0 && wasOurs !== undefined) return void (before = 0);
    // Somebody else embeds what has just come or grows less: an import, or another replica.
    const isTakenCareOf = before === 0 || bare < before;
    before = bare;
    const by = ours(model);
    if (!by || bare === 0 || isTakenCareOf) return;
    const from = (await findSomeBare(db, model)) ?? '';
    // A connection with time: where there were many, their index is built at the end.
    const { count, refused } = await inBulk((bulk) =>
      embedItems(bulk, by, { signal, known, from }),
    );
    known = refused;
    before = refused.size;
    if (count > 0) events.itemsEmbedded(logger, { model, items: count });
  };
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      let pause = intervalMs / 2 + Math.random() * intervalMs;
      try {
        await look();
      } catch (error) {
        if (signal.aborted) return;
        events.embeddingFailed(logger, error);
        pause = PAUSE_MS;
      }
      await wait(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  // No request of anybody: no trace.
  const kept = context.with(suppressTracing(context.active()), keep);
  return () => {
    stop.abort();
    return kept;
  };
}

/** Hands on a tenth of the progress at a time. */
function everyTenth(tell: (progress: Progress) => void): (progress: Progress) => void {
  let told = 0;
  return (progress) => {
    const tenths = Math.floor((10 * progress.done) / progress.of);
    if (tenths > told) tell(progress);
    told = tenths;
  };
}
