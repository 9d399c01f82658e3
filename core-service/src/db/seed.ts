import { readFile } from 'node:fs/promises';
import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { z } from 'zod';
import { policyParameters } from '../inventory/policy-parameters.ts';
import type { Embedder } from '../llm/embeddings.ts';
import { itemText } from '../llm/embeddings.ts';
import { currencyDigits, toMinor } from '../money.ts';
import type { Db } from './client.ts';
import { inventoryItems } from './schema.ts';

const SEED_FILE = new URL('../../seed/inventory.json', import.meta.url);

const amount = z.string().regex(/^\d+(\.\d+)?$/);
const seedItem = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/),
    name: z.string().min(1),
    description: z.string().min(1),
    price: amount,
    floor: amount,
    currency: z.string().refine((code) => currencyDigits(code) !== undefined),
    attributes: z.record(z.string(), z.unknown()),
    rounds: policyParameters.rounds.nullable().default(null),
    beta: policyParameters.beta.nullable().default(null),
    bucketRatio: policyParameters.bucketRatio.nullable().default(null),
    openingRatio: policyParameters.openingRatio.nullable().default(null),
  })
  .transform(({ price, floor, ...item }, issues) => {
    const basePriceMinor = toMinor(Number(price), item.currency);
    const floorPriceMinor = toMinor(Number(floor), item.currency);
    if (basePriceMinor === undefined || floorPriceMinor === undefined) {
      issues.addIssue(`${item.id} has more decimals than ${item.currency}`);
      return z.NEVER;
    }
    return { ...item, basePriceMinor, floorPriceMinor };
  });

export type SeedItem = z.infer<typeof seedItem>;

/** The sample inventory, checked. */
export async function readSeed(): Promise<SeedItem[]> {
  return z.array(seedItem).parse(JSON.parse(await readFile(SEED_FILE, 'utf8')));
}

/** True when the inventory has no item yet, or none that this embedder made searchable. */
export async function needsSeed(db: Db, model: string): Promise<boolean> {
  const rows = await db
    .select({ id: inventoryItems.id })
    .from(inventoryItems)
    .where(and(eq(inventoryItems.active, true), eq(inventoryItems.embeddingModel, model)))
    .limit(1);
  return rows.length === 0;
}

/**
 * Writes the sample inventory: new items are added, items of the same id get their prices, words
 * and vectors back, others stay as they are. Repeatable.
 *
 * @returns how many items it wrote
 */
export async function seedInventory(
  db: Db,
  embedder: Embedder,
  items: readonly SeedItem[],
): Promise<number> {
  const vectors = await embedder.embed(items.map(itemText));
  const rows = items.map((item, i) => ({
    ...item,
    active: true,
    embedding: vectors[i] ?? null,
    embeddingModel: embedder.model,
  }));
  const replaced = Object.fromEntries(
    Object.entries(getTableColumns(inventoryItems))
      .filter(([key]) => key !== 'id' && key !== 'createdAt')
      .map(([key, column]) => [key, sql.raw(`excluded.${column.name}`)]),
  );
  await db
    .insert(inventoryItems)
    .values(rows)
    .onConflictDoUpdate({ target: inventoryItems.id, set: replaced });
  return rows.length;
}
