import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';
import type { PolicyParameters } from './policy-parameters.ts';

/**
 * Changes how an item haggles; haggles under way go on by the new parameters.
 *
 * @param changes what is absent stays as it is
 * @returns how it haggles now, undefined when there is no such item
 */
export async function setPolicyParameters(
  db: Db,
  itemId: string,
  changes: Partial<PolicyParameters>,
): Promise<PolicyParameters | undefined> {
  const { rounds, beta, bucketRatio, openingRatio, id } = inventoryItems;
  // With nothing to change the row is written back as it is, and so only read.
  const [item] = await db
    .update(inventoryItems)
    .set(Object.keys(changes).length > 0 ? { ...changes, updatedAt: sql`now()` } : { id: itemId })
    .where(eq(id, itemId))
    .returning({ rounds, beta, bucketRatio, openingRatio });
  return item;
}

/** How many may be reserved at a time, null without limit. @returns whether there is such an item */
export async function setQuantity(
  db: Db,
  itemId: string,
  quantity: number | null,
): Promise<boolean> {
  const { rowCount } = await db
    .update(inventoryItems)
    .set({ quantity, updatedAt: sql`now()` })
    .where(eq(inventoryItems.id, itemId));
  return rowCount === 1;
}
