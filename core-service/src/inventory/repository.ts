import { asc, eq, getTableColumns, gt, inArray, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Tx } from '../db/transaction.ts';
import { inventoryItems } from '../db/schema.ts';

const {
  embedding: _vector,
  embeddingModel: _model,
  document: _document,
  filterable: _filterable,
  ...columns
} = getTableColumns(inventoryItems);

/** An item without what search makes of it. */
export type Item = Omit<
  typeof inventoryItems.$inferSelect,
  'embedding' | 'embeddingModel' | 'document' | 'filterable'
>;

export async function findItem(db: Db, itemId: string): Promise<Item | undefined> {
  return (await db.select(columns).from(inventoryItems).where(eq(inventoryItems.id, itemId)))[0];
}

/** The next ones by id, after one. */
export async function findItems(
  db: Db,
  page: { readonly after: string; readonly limit: number },
): Promise<Item[]> {
  const { id } = inventoryItems;
  return db
    .select(columns)
    .from(inventoryItems)
    .where(gt(id, page.after))
    .orderBy(asc(id))
    .limit(page.limit);
}

/**
 * Takes items off sale, or puts them back: all of them, or none when one is unknown.
 *
 * @returns those that are unknown
 */
export async function setActive(
  db: Db,
  ids: readonly string[],
  active: boolean,
): Promise<readonly string[]> {
  const { id } = inventoryItems;
  return db.transaction(async (tx) => {
    const found = await tx
      .select({ id })
      .from(inventoryItems)
      .where(inArray(id, [...ids]))
      .orderBy(id)
      .for('update');
    const known = new Set(found.map((item) => item.id));
    const unknown = ids.filter((each) => !known.has(each));
    if (unknown.length > 0) return unknown;
    await tx
      .update(inventoryItems)
      .set({ active, updatedAt: sql`now()` })
      .where(inArray(id, [...ids]));
    return [];
  });
}

/**
 * Changes how an item haggles; haggles under way go on by the new terms.
 *
 * @param changes by the columns of the database; what is absent stays as it is
 * @returns the item as it is now, undefined when there is no such one
 */
export async function setPolicy(
  db: Db,
  itemId: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<Item | undefined> {
  const names = Object.entries(getTableColumns(inventoryItems)).flatMap(
    ([name, { name: stored }]) => (stored in changes ? [[name, changes[stored]] as const] : []),
  );
  if (names.length === 0) return await findItem(db, itemId);
  const [item] = await db
    .update(inventoryItems)
    .set({ ...Object.fromEntries(names), updatedAt: sql`now()` })
    .where(eq(inventoryItems.id, itemId))
    .returning(columns);
  return item;
}

/**
 * Sets the number that may be reserved at a time, null without limit.
 *
 * @returns whether there is such an item
 */
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

/**
 * Counts the words of the active items anew, for `search`. What the planner knows of both tables is brought
 * up to date too: Postgres gets to that a minute later, and the embedded one never does.
 */
export async function refreshTerms(db: Tx): Promise<void> {
  await db.execute(sql`refresh materialized view concurrently search_terms`);
  await db.execute(sql`analyze search_terms, inventory_items`);
}
