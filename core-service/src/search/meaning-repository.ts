import type { SQL } from 'drizzle-orm';
import { and, eq, sql } from 'drizzle-orm';
import { inventoryItems } from '../db/schema.ts';

/**
 * The candidates that the index keeps while it looks (HNSW's ef_search): among 100,000 items it then
 * finds 99 % of the 10 nearest. A denser graph would need fewer, but each item that is added would
 * take twice as long; see `bench:scale`.
 */
const EF_SEARCH = 400;
/** The index goes on up to here where a filter drops most, and takes this many times work_mem for it. */
const MAX_SCANNED = '60000';
const SCAN_MEMORY = '8';
/** A search compares up to so many items one by one sooner than it asks the index for the near ones. */
const FEW = 5_000;

/**
 * The condition is always true, and is evaluated before the scan. With a filter the index would stop at `ef_search`
 * candidates, counting those that the filter drops; where pgvector can (0.8 and later), it goes on
 * until there are enough, in whatever order: they are sorted afterwards. Part of the statement, so
 * that it costs no round trip and works on a connection that other clients share.
 */
const scanFarEnough = sql`(
  select concat(
    set_config('hnsw.ef_search', ${String(EF_SEARCH)}, true),
    case when current_setting('hnsw.iterative_scan', true) is not null
      then concat(
        set_config('hnsw.iterative_scan', 'relaxed_order', true),
        set_config('hnsw.max_scan_tuples', ${MAX_SCANNED}, true),
        set_config('hnsw.scan_mem_multiplier', ${SCAN_MEMORY}, true)) end)
) is not null`;

export interface Nearby {
  /** The model that made the vector; vectors of others are not compared. */
  readonly model: string;
  readonly isActive: SQL;
  /** Undefined without filters. */
  readonly isWanted: SQL | undefined;
  readonly limit: number;
}

/** The vector stands in the statement once, because it is long. */
export const asked = (vector: readonly number[]): SQL =>
  sql`asked as (select ${JSON.stringify(vector)}::vector as vector)`;

/** The distance of an item's vector from that one: 1 − cosine similarity. */
export const distance = sql`(${inventoryItems.embedding} <=> (select vector from asked))`;

/**
 * The items nearest to the vector `asked`, as common table expressions of which the last one is for use:
 * `nearest` (id, distance), in any order. Among all items the index finds them; where filters leave
 * few, which it would have to look for far and wide, these are compared one by one.
 */
export function nearest({ model, isActive, isWanted, limit }: Nearby): SQL {
  const { id, embedding, embeddingModel } = inventoryItems;
  const all = and(isActive, eq(embeddingModel, model), isWanted, scanFarEnough);
  const byIndex = (condition: SQL | undefined): SQL => sql`
    select ${id}, ${distance} as distance from ${inventoryItems}
    where ${and(all, condition)} order by ${distance} limit ${limit}`;
  if (!isWanted) return sql`nearest as (${byIndex(undefined)})`;
  const count = sql`(select count(*) from few)`;
  return sql`
    few as materialized (
      select ${id}, ${embedding} from ${inventoryItems}
      where ${and(isActive, eq(embeddingModel, model), isWanted)} limit ${FEW + 1}
    ),
    nearest as (
      (${byIndex(sql`${count} > ${FEW}`)})
      union all
      (select id, embedding <=> (select vector from asked) as distance from few
        where ${count} <= ${FEW} order by distance limit ${limit})
    )`;
}
