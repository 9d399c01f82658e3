import type {
  ExportItemsResponse,
  ImportItemsRequest__Output,
  ImportItemsResponse,
  InventoryItem,
  InventoryItem__Output,
  InventoryServiceHandlers,
  ReindexItemsResponse,
} from '@aura/proto';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import type { Context } from '../context.ts';
import type { Db } from '../db/client.ts';
import { openDatabase } from '../db/client.ts';
import { DomainError, invalidArgument } from '../errors.ts';
import * as events from '../events.ts';
import { embedItems } from '../inventory/embed-items.ts';
import { allItems } from '../inventory/export-items.ts';
import { importItems } from '../inventory/import-items.ts';
import type { Line } from '../inventory/read-file.ts';
import type { Item } from '../inventory/repository.ts';
import { findItem, refreshTerms, setActive } from '../inventory/repository.ts';
import { formatPlain } from '../money.ts';
import { guarded, guardedStream } from './admin.ts';
import { streaming, unary } from './unary.ts';
import * as validate from './validate.ts';

type Importing = ServerDuplexStream<ImportItemsRequest__Output, ImportItemsResponse>;
type Exporting = ServerWritableStream<unknown, ExportItemsResponse>;
type Reindexing = ServerWritableStream<unknown, ReindexItemsResponse>;

/** What the seller's command line does with the inventory, for other programs. */
export function inventoryHandlers(ctx: Context, adminToken: string) {
  const logger = ctx.logger.child({ logger: 'inventory' });

  const embed = (db: Db, signal: AbortSignal, tell: (done: number, total: number) => unknown) =>
    embedItems(db, ctx.embedder, {
      signal,
      onProgress: ({ done, of }) => void tell(done, of),
    }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      const message = 'the embedder failed; call ReindexItems to go on';
      throw new DomainError('unavailable', 'EMBEDDER_FAILED', message, { cause: error });
    });

  return {
    ImportItems: guardedStream(
      adminToken,
      streaming(logger, 'ImportItems', (call: Importing, { signal }) =>
        inBulk(ctx, async (db) => {
          const imported = await importItems(db, linesOf(call), { signal });
          if ('rejected' in imported) {
            throw invalidArgument(
              imported.rejected.problems.map(({ line, column, reason }) => ({
                field: `items[${line - 1}]${column ? `.${FIELDS[column] ?? column}` : ''}`,
                description: reason,
              })),
            );
          }
          call.write({ imported: imported.changes });
          events.itemsImported(logger, imported.changes);
          await embed(db, signal, (done, total) => call.write({ embedding: { done, total } }));
        }),
      ),
    ),
    ExportItems: guardedStream(
      adminToken,
      streaming(logger, 'ExportItems', async (call: Exporting, { signal }) => {
        for await (const item of allItems(ctx.db)) {
          if (!call.write({ item: toMessage(item) })) await once(call, 'drain', { signal });
        }
      }),
    ),
    GetItem: guarded(
      adminToken,
      unary(logger, 'GetItem', async ({ itemId }: { readonly itemId: string }) => {
        validate.validate({ item_id: validate.itemId(itemId) });
        const item = await findItem(ctx.db, itemId);
        if (!item) throw notFound([itemId]);
        return { item: toMessage(item) };
      }),
    ),
    SetItemsActive: guarded(
      adminToken,
      unary(logger, 'SetItemsActive', async ({ itemIds, active }: Activation) => {
        validate.validate({ item_ids: validate.itemIds(itemIds) });
        const unknown = await setActive(ctx.db, itemIds, active);
        if (unknown.length > 0) throw notFound(unknown);
        await refreshTerms(ctx.db);
        return {};
      }),
    ),
    ReindexItems: guardedStream(
      adminToken,
      streaming(logger, 'ReindexItems', (call: Reindexing, { signal }) =>
        inBulk(ctx, async (db) => {
          await embed(db, signal, (done, total) => call.write({ embedding: { done, total } }));
        }),
      ),
    ),
  } satisfies Record<keyof InventoryServiceHandlers, unknown>;
}

interface Activation {
  readonly itemIds: readonly string[];
  readonly active: boolean;
}

/** Columns that have another name in the contract. */
const FIELDS: Readonly<Record<string, string>> = {
  id: 'item_id',
  currency: 'currency_code',
  attributes: 'attributes_json',
};

/** On a connection of its own, so that no buyer waits for it. */
async function inBulk(ctx: Context, work: (db: Db) => Promise<void>): Promise<void> {
  const database = openDatabase({ ...ctx.config.database, poolSize: 1, bulk: true }, ctx.logger);
  try {
    await work(database.db);
  } finally {
    await database.close();
  }
}

async function* linesOf(call: AsyncIterable<ImportItemsRequest__Output>): AsyncGenerator<Line> {
  let line = 0;
  for await (const { item } of call) yield { line: ++line, raw: item ? toRaw(item) : {} };
}

/** What is absent or empty stays as it is. */
function toRaw(item: InventoryItem__Output): Readonly<Record<string, unknown>> {
  const { itemId, name, description, price, floor, currencyCode, ...rest } = item;
  const optional = {
    quantity: rest.quantity,
    attributes: rest.attributesJson || undefined,
    language: rest.language || undefined,
    active: rest.active,
    rounds: rest.rounds,
    beta: rest.beta,
    bucket_ratio: rest.bucketRatio,
    opening_ratio: rest.openingRatio,
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  const required = { id: itemId, name, description, price, floor, currency: currencyCode };
  return { ...required, ...Object.fromEntries(given) };
}

function toMessage(item: Item): InventoryItem {
  const optional = {
    quantity: item.quantity,
    rounds: item.rounds,
    beta: item.beta,
    bucketRatio: item.bucketRatio,
    openingRatio: item.openingRatio,
  };
  return {
    itemId: item.id,
    name: item.name,
    description: item.description,
    price: formatPlain(item.basePriceMinor, item.currency),
    floor: formatPlain(item.floorPriceMinor, item.currency),
    currencyCode: item.currency,
    attributesJson: JSON.stringify(item.attributes),
    language: item.language,
    active: item.active,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

function notFound(ids: readonly string[]): DomainError {
  return new DomainError('not_found', 'ITEM_NOT_FOUND', `there is no item ${ids.join(', ')}`);
}
