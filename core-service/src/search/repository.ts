import { and, eq, exists, notExists, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';
import { UNUSUAL_MINOR_UNITS } from '../money.ts';
import { foldValue } from '../text/search-words.ts';
import { asked, distance, nearest } from './meaning-repository.ts';
import { termsOf } from './terms-repository.ts';

export interface Filters {
  /** ISO 4217. */
  readonly currency?: string;
  /** Major units of each item's own currency. */
  readonly maxPrice?: number;
  /** Equal to the item's, or in its list, however the letters are composed, wide or large, and in quotes or not. */
  readonly attributes?: readonly {
    readonly name: string;
    readonly value: string | number | boolean;
  }[];
}

export interface HybridQuery {
  /** Compared word by word. */
  readonly text: string;
  /** Compared by meaning; undefined when the embedder failed. */
  readonly vector: readonly number[] | undefined;
  /** The model that made the vector. */
  readonly model: string;
  readonly filters: Filters;
  /** Compared with the similarity clamped to 0–1, so 0 takes all. */
  readonly minSimilarity: number;
  readonly limit: number;
}

export interface FoundItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly currency: string;
  readonly baseMinor: number;
  /** Cosine similarity, −1 to 1; null where there are no two vectors of one model to compare. */
  readonly similarity: number | null;
}

/** The first items of each ranking, more than any limit, go into the joint one. */
const CANDIDATES = 100;
/** Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion …", SIGIR 2009. */
const RRF_K = 60;
/**
 * The most items that are ranked by their words. Words that more have tell little, and are only
 * looked for in items that have a rarer one too.
 */
const MAX_MATCHES = 1_000;
/** `ts_rank`'s weights of D, description, attributes and name. */
const WEIGHTS = '{0.1, 0.3, 0.5, 1}';
/** `ts_rank` then divides by 1 + ln(words). */
const BY_LENGTH = 1;
/** Rounds as the score that is answered is rounded. */
const rounded = (similarity: SQL): SQL => sql`round((${similarity})::numeric, 4)`;
const NONE_NEAR = sql`nearest as (select '' as id, 0 as distance where false)`;

/**
 * Active items, best first, in one statement: those nearest by meaning and those that share words,
 * joined by reciprocal rank fusion. The ranking by words counts by the square of how much of the
 * query an item has (rare words are more of it than common ones): a wish that shares one word with
 * an item says little, a name that shares all of them a lot. It counts in full for an item that has
 * no vector of this model yet, and so no place in the other ranking.
 */
export async function findItems(db: Db, query: HybridQuery): Promise<FoundItem[]> {
  const { text, vector, model, minSimilarity, limit } = query;
  const { id, active, document, language, embeddingModel, name, description, currency } =
    inventoryItems;
  const isComparable = vector ? eq(embeddingModel, model) : sql`false`;
  const similarity = vector
    ? sql`case when ${isComparable} then 1 - ${distance} end`
    : sql`null::float8`;
  const isSimilar =
    minSimilarity > 0 && vector ? sql`${rounded(similarity)} >= ${minSimilarity}` : undefined;
  const isActive = eq(active, true);
  const isWanted = and(...conditionsOf(query.filters));
  const byMeaning = vector
    ? sql`${asked(vector)}, ${nearest({ model, isActive, isWanted, limit: CANDIDATES })}`
    : NONE_NEAR;

  // The word that a statement begins with is what its span is called.
  const result = await db.execute(sql`
    select id, name, description, currency, "baseMinor", similarity from (
    with ${termsOf(text)},
    ${byMeaning},
    by_meaning as (
      select id, row_number() over (order by distance, id) as place from nearest
      where ${rounded(sql`1 - distance`)} >= ${minSimilarity > 0 ? minSimilarity : -1}
    ),
    matching as (
      select ${id}, ${document}, ${language}, ${isComparable} as is_comparable,
        coalesce(${document} @@ (select terms from unwanted), false) as is_unwanted
      from ${inventoryItems}
      where ${and(isActive, isWanted, isSimilar)} and ${document} @@ (
        select coalesce(
          string_agg(term::text, ' | ') filter (where matches <= ${MAX_MATCHES}),
          string_agg(term::text, ' & '))::tsquery from terms)
      limit ${MAX_MATCHES}
    ),
    matched as (
      select id, word, is_comparable, is_unwanted, max(weight) as weight,
        max(weight * ts_rank(${WEIGHTS}, document, term, ${BY_LENGTH})) as score
      from matching join terms on document @@ term
        -- A stem by another language counts only where the item's own has none of the word.
        and (language = any(languages) or language <> all(known_in))
      group by id, word, is_comparable, is_unwanted
    ),
    by_words as (
      select id, row_number() over (order by is_unwanted, sum(score) desc, id) as place,
        case when is_comparable
          then pow(sum(weight) / (select sum(weight) from words), 2) else 1 end as worth
      from matched group by id, is_comparable, is_unwanted order by place limit ${CANDIDATES}
    ),
    fused as (
      select id, by_meaning.place, coalesce(1.0 / (${RRF_K} + by_meaning.place), 0)
        + coalesce(worth / (${RRF_K} + by_words.place), 0) as score
      from by_meaning full join by_words using (id)
      order by score desc, by_meaning.place, id limit ${limit}
    )
    select ${id}, ${name}, ${description}, ${currency},
      ${inventoryItems.basePriceMinor} as "baseMinor", ${similarity} as similarity, score, place
    from fused join ${inventoryItems} using (id)
    ) as found
    order by score desc, place, id`);
  return result.rows.map((row) => ({ ...row, baseMinor: Number(row['baseMinor']) }) as FoundItem);
}

function conditionsOf({ currency, maxPrice, attributes = [] }: Filters): SQL[] {
  const items = inventoryItems;
  const conditions = attributes.map(({ name, value }) => {
    const isEqual = formsOf(value).map((form) => {
      const wanted = JSON.stringify({ [name]: form });
      return sql`${items.filterable} @> fold_attributes(${wanted}::jsonb)`;
    });
    return sql`(${sql.join(isEqual, sql` or `)})`;
  });
  if (currency !== undefined) conditions.push(sql`${items.currency} = ${currency}`);
  if (maxPrice !== undefined) {
    const units = sql`${JSON.stringify(UNUSUAL_MINOR_UNITS)}::jsonb ->> ${items.currency}`;
    conditions.push(
      sql`${items.basePriceMinor} <= ${maxPrice}::numeric * coalesce((${units})::numeric, 100)`,
    );
  }
  return conditions;
}

/** The value, and as JSON also writes it: `4` and `"4"` are one, `"04"` is only a text. */
function formsOf(value: string | number | boolean): (string | number | boolean)[] {
  if (typeof value !== 'string') return [value, String(value)];
  const text = foldValue(value);
  if (text === 'true' || text === 'false') return [value, text === 'true'];
  const number = Number(text);
  const isNumber = Number.isFinite(number) && String(number) === text;
  return isNumber ? [value, number] : [value];
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
