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

/** True when there are active items and none of them has a vector of that model. */
export async function isUnsearchable(db: Db, model: string): Promise<boolean> {
  const result = await db.execute<{ stale: boolean }>(sql`
    select exists (select from inventory_items where active) and not exists (
      select from item_vectors join inventory_items on id = item_id
      where model = ${model} and active) as stale`);
  return result.rows[0]?.stale ?? false;
}
