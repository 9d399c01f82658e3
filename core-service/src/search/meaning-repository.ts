import type { SQL } from 'drizzle-orm';
import { and, eq, sql } from 'drizzle-orm';
import { constant } from '../db/constant.ts';
import { inventoryItems, itemVectors } from '../db/schema.ts';

/**
 * The candidates that the index keeps while it looks (HNSW's ef_search), among few items and among many:
 * it then finds 99 % of the 10 nearest. A denser graph would need fewer, but each item that is added
 * would take twice as long; see `bench:scale`.
 */
const EF_SEARCH = { few: 200, many: 400, most: 600 };
/** From here on there are many, and more. */
const MANY = 10_000;
const MOST = 50_000;
/** The index goes on up to here where a filter drops most, and takes this many times work_mem for it. */
const MAX_SCANNED = 60_000;
const SCAN_MEMORY = 8;
/** A search compares up to so many items one by one sooner than it asks the index for the near ones. */
const FEW = 5_000;

const setting = (name: string, value: number | string): SQL =>
  constant(`set_config('hnsw.${name}', '${value}', true)`);
const candidates = constant(`set_config('hnsw.ef_search',
  (select case when total < ${MANY} then '${EF_SEARCH.few}' when total < ${MOST} then '${EF_SEARCH.many}'
    else '${EF_SEARCH.most}' end from everything), true)`);

/**
 * The condition is always true, and is evaluated before the scan; `everything` is of `termsOf`. With a filter the index would stop at `ef_search`
 * candidates, counting those that the filter drops; where pgvector can (0.8 and later), it goes on
 * until there are enough, in whatever order: they are sorted afterwards. Part of the statement, so
 * that it costs no round trip and works on a connection that other clients share.
 */
const scanFarEnough = sql`(
  select concat(
    ${candidates},
    case when current_setting('hnsw.iterative_scan', true) is not null
      then concat(
        ${setting('iterative_scan', 'relaxed_order')},
        ${setting('max_scan_tuples', MAX_SCANNED)},
        ${setting('scan_mem_multiplier', SCAN_MEMORY)}) end)
) is not null`;

export interface Nearby {
  /** The model that made the vector; vectors of others are not compared. */
  readonly model: unknown;
  readonly isActive: SQL;
  /** Undefined without filters. */
  readonly isWanted: SQL | undefined;
  readonly limit: number;
}

/** The vector stands in the statement once, because it is long. */
export const asked = (vector: unknown): SQL => sql`asked as (select ${vector}::vector as vector)`;

const distance = sql`(${itemVectors.embedding} <=> (select vector from asked))`;

const isBy = (model: unknown): SQL => sql`${itemVectors.model} = ${model}`;

/** The distance of one item's vector from that one, 1 − cosine similarity; null without a vector of the model. */
export const distanceOf = (id: SQL, model: unknown): SQL => sql`(
  select ${distance} from ${itemVectors}
  where ${and(isBy(model), eq(itemVectors.itemId, id))})`;

/**
 * The items nearest to the vector `asked`, as common table expressions of which the last one is for use:
 * `nearest` (id, distance), in any order. Among all items the index finds them; where filters leave
 * few, which it would have to look for far and wide, these are compared one by one.
 */
export function nearest({ model, isActive, isWanted, limit }: Nearby): SQL {
  const most = constant(limit);
  if (!isWanted) {
    const { id } = inventoryItems;
    return sql`
    nearest as (
      select ${id}, ${distance} as distance
      from ${itemVectors} join ${inventoryItems} on ${eq(id, itemVectors.itemId)}
      where ${and(isActive, isBy(model), scanFarEnough)} order by ${distance} limit ${most}
    )`;
  }
  return nearestWanted(model, sql`${and(isActive, isWanted)}`, most);
}

/**
 * The same with filters. The plan is made before their values are known, and has to be right for those that leave
 * nearly all as for those that leave none: so the planner is left no other way than the index where many are
 * left, with the filters asked of each item that it finds, and the keys of the few where it is few.
 */
function nearestWanted(model: unknown, isWanted: SQL, most: SQL): SQL {
  const { id } = inventoryItems;
  const count = sql`(select count(*) from few)`;
  return sql`
    few as materialized (
      select ${id} from ${inventoryItems} where ${isWanted} limit ${constant(FEW + 1)}
    ),
    nearest as (
      (select id, distance from (
          select ${itemVectors.itemId} as id, ${distance} as distance from ${itemVectors}
          where ${and(isBy(model), scanFarEnough)} and ${count} > ${constant(FEW)}
          order by ${distance} limit ${constant(MAX_SCANNED)}
        ) as near
        where (select ${isWanted} from ${inventoryItems} where ${id} = near.id) limit ${most})
      union all
      (select id, distance from (
          select few.id, ${distanceOf(sql`few.id`, model)} as distance from few
          where ${count} <= ${constant(FEW)} offset 0
        ) as compared
        where distance is not null order by distance limit ${most})
    )`;
}
