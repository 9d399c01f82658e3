import { and, cosineDistance, desc, eq, exists, notExists, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';

export interface FoundItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly currency: string;
  readonly baseMinor: number;
  /** Cosine similarity, −1 to 1. */
  readonly similarity: number;
}

const columns = (similarity: SQL<number>) => ({
  id: inventoryItems.id,
  name: inventoryItems.name,
  description: inventoryItems.description,
  currency: inventoryItems.currency,
  baseMinor: inventoryItems.basePriceMinor,
  similarity,
});

/**
 * Always true, and evaluated before the scan: the index would otherwise stop at 40 candidates,
 * counting those that the other conditions then drop. Where pgvector can (0.8 and later), the scan
 * goes on until the limit is full. Part of the statement, so that it costs no round trip and works
 * on a connection that other clients share.
 */
const scanFarEnough = sql`(
  select concat(
    set_config('hnsw.ef_search', '100', true),
    case when current_setting('hnsw.iterative_scan', true) is not null
      then set_config('hnsw.iterative_scan', 'strict_order', true) end)
) is not null`;

/**
 * Active items nearest to a vector of the same model, best first.
 *
 * @param query `minSimilarity` is compared with the similarity clamped to 0–1, so 0 takes all
 */
export async function findNearest(
  db: Db,
  query: {
    readonly vector: readonly number[];
    readonly model: string;
    readonly minSimilarity: number;
    readonly limit: number;
  },
): Promise<FoundItem[]> {
  const distance = cosineDistance(inventoryItems.embedding, [...query.vector]);
  const similarity = sql<number>`1 - (${distance})`;
  return db
    .select(columns(similarity))
    .from(inventoryItems)
    .where(
      and(
        eq(inventoryItems.active, true),
        eq(inventoryItems.embeddingModel, query.model),
        query.minSimilarity > 0 ? sql`${similarity} >= ${query.minSimilarity}` : undefined,
        scanFarEnough,
      ),
    )
    .orderBy(distance)
    .limit(query.limit);
}

/** Active items that share words with the query, best first: what is left when the embedder fails. */
export async function findByWords(db: Db, query: string, limit: number): Promise<FoundItem[]> {
  const document = sql`to_tsvector('english', ${inventoryItems.name} || ' ' || ${inventoryItems.description})`;
  // Any of the words is enough; all of them would find nothing for most wishes.
  const words = sql`replace(plainto_tsquery('english', ${query})::text, '&', '|')::tsquery`;
  return db
    .select(columns(sql<number>`0`))
    .from(inventoryItems)
    .where(and(eq(inventoryItems.active, true), sql`${document} @@ ${words}`))
    .orderBy(desc(sql`ts_rank(${document}, ${words})`), inventoryItems.id)
    .limit(limit);
}

/** True when there are active items and none of them has a vector of that model. */
export async function needsReindex(db: Db, model: string): Promise<boolean> {
  const { active, embeddingModel } = inventoryItems;
  const activeItems = db
    .select({ one: sql`1` })
    .from(inventoryItems)
    .where(eq(active, true));
  const embedded = db
    .select({ one: sql`1` })
    .from(inventoryItems)
    .where(and(eq(active, true), eq(embeddingModel, model)));
  const result = await db.execute<{ stale: boolean }>(
    sql`select ${exists(activeItems)} and ${notExists(embedded)} as stale`,
  );
  return result.rows[0]?.stale ?? false;
}
