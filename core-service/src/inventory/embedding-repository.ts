import { and, asc, count, gt, isNull, ne, or, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';

export interface Unembedded {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: Record<string, unknown>;
  /** When it was changed last, as Postgres writes it. */
  readonly version: string;
}

const hasNoVectorOf = (model: string) =>
  or(isNull(inventoryItems.embeddingModel), ne(inventoryItems.embeddingModel, model));

/** Items without a vector of that model, inactive ones too, so that they can be activated at once. */
export async function countUnembedded(db: Db, model: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(inventoryItems).where(hasNoVectorOf(model));
  return row?.n ?? 0;
}

export async function findUnembedded(
  db: Db,
  query: { readonly model: string; readonly after: string; readonly limit: number },
): Promise<Unembedded[]> {
  const { id, name, description, attributes, updatedAt } = inventoryItems;
  return db
    .select({ id, name, description, attributes, version: sql<string>`${updatedAt}::text` })
    .from(inventoryItems)
    .where(and(gt(id, query.after), hasNoVectorOf(query.model)))
    .orderBy(asc(id))
    .limit(query.limit);
}

/** @returns how many were stored; an item that has changed meanwhile is left out */
export async function storeVectors(
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
