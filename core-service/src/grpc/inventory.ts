import type {
  ExportItemsResponse,
  GetItemRequest__Output,
  GetItemResponse,
  ImportItemsRequest__Output,
  ImportItemsResponse,
  InventoryItem__Output,
  InventoryServiceHandlers,
  Leftover as LeftoverMessage,
  ReindexItemsResponse,
  SetItemsActiveRequest__Output,
  SetItemsActiveResponse,
} from '@aura/proto';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { embedInventory } from '../inventory/embed-inventory.ts';
import type { Progress } from '../inventory/embed-items.ts';
import * as events from '../inventory/events.ts';
import { allItems } from '../inventory/export-items.ts';
import { importInventory } from '../inventory/import-inventory.ts';
import type { Rejected } from '../inventory/import-items.ts';
import type { Leftover } from '../inventory/leftovers.ts';
import type { Line } from '../inventory/read-file.ts';
import { findItem, setActive } from '../inventory/repository.ts';
import type { Call } from '../request-scope.ts';
import type { IsAdmin } from './admin.ts';
import { guarded, guardedStream } from './admin.ts';
import { fieldName, toMessage, toRaw } from './item-message.ts';
import { streaming, unary } from './unary.ts';
import * as validate from './validate.ts';

type Importing = ServerDuplexStream<ImportItemsRequest__Output, ImportItemsResponse>;
type Exporting = ServerWritableStream<unknown, ExportItemsResponse>;
type Reindexing = ServerWritableStream<unknown, ReindexItemsResponse>;

/** An error names at most this many mistakes, so that it fits into a trailer. */
const MAX_VIOLATIONS = 20;

/** The seller's inventory, for other programs: what the command line does with it. */
export function inventoryHandlers(ctx: Context, isAdmin: IsAdmin) {
  const logger = ctx.logger.child({ logger: 'inventory' });
  const seller = { ...ctx, logger };

  const importItems = async (stream: Importing, { signal }: Call): Promise<void> => {
    const done = await importInventory(seller, linesOf(stream), signal, {
      onImported: (imported, leftovers) => {
        stream.write({ imported: { ...imported, leftovers: leftovers.map(toLeftover) } });
        events.leftoversImported(logger, leftovers);
      },
      onEmbedded: (progress) => void stream.write({ embedding: toProgress(progress) }),
    }).catch(sayHowToGoOn);
    if ('rejected' in done) throw rejection(done.rejected);
  };
  const exportItems = async (stream: Exporting, { signal }: Call): Promise<void> => {
    for await (const item of allItems(ctx.db)) {
      if (!stream.write({ item: toMessage(item) })) await once(stream, 'drain', { signal });
    }
  };
  const getItem = async ({ itemId }: GetItemRequest__Output): Promise<GetItemResponse> => {
    validate.validate({ item_id: validate.itemId(itemId) });
    const item = await findItem(ctx.db, itemId);
    if (!item) throw notFound([itemId]);
    return { item: toMessage(item) };
  };
  const setItemsActive = async (
    request: SetItemsActiveRequest__Output,
  ): Promise<SetItemsActiveResponse> => {
    const { itemIds, active } = request;
    validate.validate({ item_ids: validate.itemIds(itemIds) });
    const unknown = await setActive(ctx.db, itemIds, active);
    if (unknown.length > 0) throw notFound(unknown);
    return {};
  };
  const reindex = async (stream: Reindexing, { signal }: Call): Promise<void> => {
    const onProgress = (progress: Progress): void =>
      void stream.write({ embedding: toProgress(progress) });
    await embedInventory(seller, { signal, onProgress, replacing: true }).catch(sayHowToGoOn);
  };

  return {
    ImportItems: guardedStream(isAdmin, streaming(logger, 'ImportItems', importItems)),
    ExportItems: guardedStream(isAdmin, streaming(logger, 'ExportItems', exportItems)),
    GetItem: guarded(isAdmin, unary(logger, 'GetItem', getItem)),
    SetItemsActive: guarded(isAdmin, unary(logger, 'SetItemsActive', setItemsActive)),
    ReindexItems: guardedStream(isAdmin, streaming(logger, 'ReindexItems', reindex)),
  } satisfies InventoryServiceHandlers;
}

function toProgress({ done, of: total }: Progress): { done: number; total: number } {
  return { done, total };
}

function toLeftover({ column, what, line, rows, example }: Leftover): LeftoverMessage {
  const field = fieldName(column);
  return { field, looksLike: what, firstItem: line, items: rows, example };
}

function sayHowToGoOn(error: unknown): never {
  if (!(error instanceof DomainError) || error.reason !== 'EMBEDDER_FAILED') throw error;
  const message = 'the embedder failed; call ReindexItems to go on';
  throw new DomainError('unavailable', 'EMBEDDER_FAILED', message, { cause: error.cause });
}

/** The message, which goes onto a span, counts the mistakes; the violations tell the first ones. */
function rejection({ problems, count }: Rejected): DomainError {
  const violations = problems.slice(0, MAX_VIOLATIONS).map(({ line, column, reason }) => ({
    field: `items[${line - 1}]${column ? `.${fieldName(column)}` : ''}`,
    description: reason,
  }));
  const message = `${count} mistakes in the items; nothing was changed`;
  return new DomainError('invalid_argument', 'INVALID_ARGUMENT', message, { violations });
}

async function* linesOf(stream: Importing): AsyncGenerator<Line> {
  let line = 0;
  try {
    // A handler that stops reading still has to answer, which a destroyed stream could not.
    for await (const { item } of stream.iterator({ destroyOnReturn: false })) {
      yield { line: ++line, raw: item ? toRaw(item as InventoryItem__Output) : {} };
    }
  } finally {
    stream.resume();
  }
}

function notFound(ids: readonly string[]): DomainError {
  return new DomainError('not_found', 'ITEM_NOT_FOUND', `there is no item ${ids.join(', ')}`);
}
