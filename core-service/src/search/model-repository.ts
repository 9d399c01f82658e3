/** Whose vectors the inventory has: a search compares those of one model. */
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';

/**
 * @returns the model whose vectors are searched; where there are none of it, that of most vectors;
 *   undefined when there are none at all
 */
export async function findInventoryModel(db: Db): Promise<string | undefined> {
  const result = await db.execute<{ model: string | null }>(sql`
    select coalesce(
      (select model from inventory_embedder as its
        where exists (select from item_vectors where item_vectors.model = its.model)),
      (select model from item_vectors group by model order by count(*) desc, model limit 1)
    ) as model`);
  return result.rows[0]?.model ?? undefined;
}

/**
 * True when the active items have vectors, and none of that model. Where they have none at all, as when an
 * import has just changed the text of every item, vectors are made without anybody's asking.
 */
export async function isUnsearchable(db: Db, model: string): Promise<boolean> {
  const result = await db.execute<{ stale: boolean }>(sql`
    select not exists (
      select from item_vectors join inventory_items on id = item_id
      where model = ${model} and active
    ) and exists (select from item_vectors join inventory_items on id = item_id where active) as stale`);
  return result.rows[0]?.stale ?? false;
}
