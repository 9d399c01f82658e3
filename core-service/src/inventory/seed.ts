import { readFile } from 'node:fs/promises';
import { POLICY_COLUMNS } from './columns.ts';
import { embedItems } from './embed-items.ts';
import { writeItems } from './import-repository.ts';
import type { ItemRow } from './item-row.ts';
import { readItem } from './item-row.ts';
import { refreshTerms } from './repository.ts';
import type { Embedder } from '../llm/embedder.ts';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';

const SEED_FILE = new URL('../../seed/inventory.json', import.meta.url);
/** A sample is as it came, whatever was done to it. */
const AS_IT_CAME = {
  active: true,
  ...Object.fromEntries(POLICY_COLUMNS.map((column) => [column, null])),
};

/** The sample inventory, checked. */
export async function readSeed(): Promise<ItemRow[]> {
  const items = JSON.parse(await readFile(SEED_FILE, 'utf8')) as object[];
  return items.map((item, i) => {
    const row = readItem(i + 1, { ...AS_IT_CAME, ...item });
    if ('id' in row) return row;
    throw new Error(`the sample inventory is broken: ${JSON.stringify(row)}`);
  });
}

/** True when the inventory has no item at all. */
export async function needsSeed(db: Db): Promise<boolean> {
  return (await db.select({ id: inventoryItems.id }).from(inventoryItems).limit(1)).length === 0;
}

/**
 * Writes the sample inventory: new items are added, items of the same id get their prices and words
 * back, and a vector if they have none; others stay as they are. Repeatable.
 *
 * @param embedder undefined leaves items without a vector
 * @returns how many items it wrote
 */
export async function seedInventory(
  db: Db,
  embedder: Embedder | undefined,
  items: readonly ItemRow[],
): Promise<number> {
  await writeItems(db, items);
  await refreshTerms(db);
  if (embedder) await embedItems(db, embedder);
  return items.length;
}
