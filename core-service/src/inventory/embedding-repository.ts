import type { SQL } from 'drizzle-orm';
import { and, asc, count, gt, isNull, ne, or, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';

export interface Unembedded {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: Record<string, unknown>;
  /** The time of the last change, as Postgres writes it. */
  readonly version: string;
}

/** Items without any vector, inactive ones too, so that they can be activated at once. */
export const BARE = isNull(inventoryItems.embeddingModel);

/** Items without a vector of that model: bare ones, and those that another model embedded. */
export const withoutVectorOf = (model: string): SQL =>
  or(BARE, ne(inventoryItems.embeddingModel, model)) as SQL;

export async function countItems(db: Db, which: SQL): Promise<number> {
  const [row] = await db.select({ n: count() }).from(inventoryItems).where(which);
  return row?.n ?? 0;
}

/** The vectors that another model than that one made: reindexing would replace them. */
export function countForeign(db: Db, model: string): Promise<number> {
  return countItems(db, ne(inventoryItems.embeddingModel, model));
}

/** @returns the model of most vectors, of items on sale in the first place; undefined when there are none */
export async function findInventoryModel(db: Db): Promise<string | undefined> {
  const result = await db.execute<{ model: string }>(sql`
    select embedding_model as model from inventory_items where embedding_model is not null
    group by embedding_model
    order by count(*) filter (where active) desc, count(*) desc, embedding_model limit 1`);
  return result.rows[0]?.model;
}

/** @returns any item without a vector, so that cores that look for work at once begin apart */
export async function findSomeBare(db: Db): Promise<string | undefined> {
  const { id } = inventoryItems;
  const [row] = await db
    .select({ id })
    .from(inventoryItems)
    .where(BARE)
    .orderBy(sql`random()`)
    .limit(1);
  return row?.id;
}

export async function findUnembedded(
  db: Db,
  query: { readonly which: SQL; readonly after: string; readonly limit: number },
): Promise<Unembedded[]> {
  const { id, name, description, attributes, updatedAt } = inventoryItems;
  return db
    .select({ id, name, description, attributes, version: sql<string>`${updatedAt}::text` })
    .from(inventoryItems)
    .where(and(gt(id, query.after), query.which))
    .orderBy(asc(id))
    .limit(query.limit);
}

/** The number of vectors that go into a statement: with its index the embedded database takes 15 ms for each. */
const STORED_AT_ONCE = 16;

/** @returns how many were stored; an item that has changed meanwhile is left out */
export async function storeVectors(
  db: Db,
  model: string,
  items: readonly Unembedded[],
  vectors: readonly (readonly number[])[],
): Promise<number> {
  let stored = 0;
  for (let at = 0; at < items.length; at += STORED_AT_ONCE) {
    const until = at + STORED_AT_ONCE;
    stored += await storeSome(db, model, items.slice(at, until), vectors.slice(at, until));
  }
  return stored;
}

async function storeSome(
  db: Db,
  model: string,
  items: readonly Unembedded[],
  vectors: readonly (readonly number[])[],
): Promise<number> {
  const rows = items.map(({ id, version }, i) => ({
    id,
    version,
    embedding: JSON.stringify(vectors[i]),
  }));
  const { rowCount } = await db.execute(sql`
    update inventory_items as item
    set embedding = made.embedding::vector, embedding_model = ${model}, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as made (id text, version text, embedding text)
    where item.id = made.id and item.updated_at::text = made.version`);
  return rowCount ?? 0;
}
