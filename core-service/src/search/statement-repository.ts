/** The one statement of a search: by meaning, by words, and both together. */
import type { SQL } from 'drizzle-orm';
import { and, eq, sql } from 'drizzle-orm';
import { constant } from '../db/constant.ts';
import { inventoryItems } from '../db/schema.ts';
import type { FilterShape, FilterValues } from './filters-repository.ts';
import { isWantedBy } from './filters-repository.ts';
import { asked, distanceOf, nearest } from './meaning-repository.ts';
import { termsOf } from './terms-repository.ts';
import { byWords } from './words-repository.ts';

/** The facts on which the text of the statement depends. */
export interface Shape extends FilterShape {
  readonly isByMeaning: boolean;
}

/** Values of the statement, or the places for them. */
export interface Values extends FilterValues {
  /** Of the query's words, as JSON: see `termsOf`. */
  readonly known: unknown;
  readonly fresh: unknown;
  readonly vector: unknown;
  /** The model that made the vector. */
  readonly model: unknown;
  readonly minSimilarity: unknown;
  readonly limit: unknown;
}

/** The first items of each ranking, more than any limit, go into the joint one. */
const CANDIDATES = 100;
/** The words' part of the joint score, where the vectors' is 1. */
const WORDS_SHARE = 1;
/** An item with a word that the query negates has this much less instead. */
const UNWANTED = 0.3;

/**
 * Its rows are the items that were found, best first, and before them one with nothing but `learned`: the
 * stems that were worked out, so that they need not be again.
 */
export function statementOf(shape: Shape, values: Values): SQL {
  const { id, active, name, description, currency, basePriceMinor } = inventoryItems;
  const isActive = eq(active, true);
  const isWanted = isWantedBy(shape, values);
  // The word that a statement begins with is what its span is called.
  return sql`
    select * from (
    with ${termsOf(values)},
    ${shape.isByMeaning ? byMeaning(values, isActive, isWanted) : NOT_BY_MEANING},
    ${byWords(and(isActive, isWanted))},
    ${ranked(shape, values)}
    select ${id}, ${name}, ${description}, ${currency},
      ${basePriceMinor} as "baseMinor", similarity, score, null::jsonb as learned
    from ranked join ${inventoryItems} using (id)
    union all
    select null, null, null, null, null, null, null, jsonb_agg(to_jsonb(fresh)) from fresh
    ) as found
    order by score desc nulls first, similarity desc nulls last, id`;
}

const NOT_BY_MEANING = sql`nearest as (select '' as id, 0::float8 as distance where false)`;

function byMeaning({ vector, model }: Values, isActive: SQL, isWanted: SQL | undefined): SQL {
  return sql`${asked(vector)}, ${nearest({ model, isActive, isWanted, limit: CANDIDATES })}`;
}

/**
 * The items of both rankings by their joint score, as common table expressions of which the last one is
 * for use: `ranked` (id, similarity, score).
 *
 * An item's score is its similarity, as a part of the greatest one, and its BM25, as a part of the highest
 * one, times the square of how much of the query it has (rare words are more of it than common ones): a
 * wish that shares one word with an item says little, a name that shares all of them a lot. Words count in
 * full for an item that has no vector of this model yet.
 */
function ranked({ isByMeaning }: Shape, { model, minSimilarity, limit }: Values): SQL {
  const { id, document } = inventoryItems;
  const similarity = isByMeaning
    ? sql`1 - coalesce(distance, ${distanceOf(sql`fused.id`, model)})`
    : sql`null::float8`;
  // Rounded as the score that is answered is rounded.
  const isSimilar = isByMeaning
    ? sql`${minSimilarity}::float8 <= 0
        or round(similarity::numeric, 4) >= ${minSimilarity}::float8::numeric`
    : sql`true`;
  return sql`
    fused as (
      select id, distance, score, coverage from nearest full join by_words using (id)
      where distance is not null or place <= ${constant(CANDIDATES)}
    ),
    compared as materialized (
      select id, ${similarity} as similarity, score, coverage,
        (select terms from unwanted) is not null and (
          select ${document} @@ (select terms from unwanted) from ${inventoryItems}
          where ${id} = fused.id) as is_unwanted
      from fused
    ),
    ranked as (
      select id, similarity,
        coalesce(greatest(similarity, 0) / nullif(max(similarity) over (), 0), 0)
          + case when is_unwanted then ${constant(-UNWANTED)}
            else ${constant(WORDS_SHARE)} * coalesce(score / nullif(max(score) over (), 0)
              * case when similarity is null then 1 else coverage * coverage end, 0) end as score
      from compared where ${isSimilar}
      order by score desc, similarity desc nulls last, id limit ${limit}::int
    )`;
}
