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
import { DomainError } from '../errors.ts';
import * as events from '../events.ts';
import { embedItems } from '../inventory/embed-items.ts';
import { allItems, toFileRow } from '../inventory/export-items.ts';
import type { Rejected } from '../inventory/import-items.ts';
import { importItems } from '../inventory/import-items.ts';
import type { Line } from '../inventory/read-file.ts';
import type { Item } from '../inventory/repository.ts';
import { findItem, setActive } from '../inventory/repository.ts';
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
            throw rejection(imported.rejected);
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

/** No more violations than fit into a trailer, and none in the message, which goes onto a span. */
function rejection({ problems, count }: Rejected): DomainError {
  const violations = problems.slice(0, MAX_VIOLATIONS).map(({ line, column, reason }) => ({
    field: `items[${line - 1}]${column ? `.${FIELDS[column] ?? column}` : ''}`,
    description: reason,
  }));
  const message = `${count} mistakes in the items; nothing was changed`;
  return new DomainError('invalid_argument', 'INVALID_ARGUMENT', message, { violations });
}

interface Activation {
  readonly itemIds: readonly string[];
  readonly active: boolean;
}

const MAX_VIOLATIONS = 20;
const CLEARABLE = ['quantity', 'rounds', 'beta', 'bucket_ratio', 'opening_ratio'] as const;

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

async function* linesOf(call: Importing): AsyncGenerator<Line> {
  let line = 0;
  try {
    // Whoever stops reading still has to answer, which a destroyed stream could not.
    for await (const { item } of call.iterator({ destroyOnReturn: false })) {
      yield { line: ++line, raw: item ? toRaw(item as InventoryItem__Output) : {} };
    }
  } finally {
    call.resume();
  }
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
  const cleared = rest.cleared.map((column) => [column, null] as const);
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  const required = { id: itemId, name, description, price, floor, currency: currencyCode };
  return { ...required, ...Object.fromEntries([...cleared, ...given]) };
}

function toMessage(item: Item): InventoryItem {
  const optional = {
    quantity: item.quantity,
    rounds: item.rounds,
    beta: item.beta,
    bucketRatio: item.bucketRatio,
    openingRatio: item.openingRatio,
  };
  const set = Object.entries(optional).filter(([, value]) => value !== null);
  const cleared = CLEARABLE.filter((name) => toFileRow(item)[name] === null);
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
    ...Object.fromEntries(set),
    cleared,
  };
}

function notFound(ids: readonly string[]): DomainError {
  return new DomainError('not_found', 'ITEM_NOT_FOUND', `there is no item ${ids.join(', ')}`);
}
