import { and, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems } from '../db/schema.ts';
import { UNUSUAL_MINOR_UNITS } from '../money.ts';
import { foldValue } from '../text/search-words.ts';
import { constant } from '../db/constant.ts';
import type { Rows } from '../db/prepared.ts';
import { preparedSql } from '../db/prepared.ts';
import { toBytes } from '../db/vector-values.ts';
import { asked, distanceOf, nearest } from './meaning-repository.ts';
import type { AskedStems, LearnedStem } from './stem-cache.ts';
import { learnStems, stemsAskedFor } from './stem-cache.ts';
import { SORTED_LANGUAGES, termsOf } from './terms-repository.ts';

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
/**
 * The most items that are ranked by their words. Words that more have tell little, and are only
 * looked for in items that have a rarer one too.
 */
const MAX_MATCHES = 1_000;
/** An occurrence in D, in the description, the attributes and the name counts so much: fields as in BM25F. */
const FIELDS = `'{0.1, 0.5, 0.8, 1}'`;
/** BM25's saturation, and how much the length of an item counts; `bench:search` chose them. */
const K1 = 1.2;
const B = 0.5;
/** The words' part of the joint score, where the vectors' is 1. */
const WORDS_SHARE = 2;
/** An item with a word that the query negates has this much less instead. */
const UNWANTED = 0.3;
/** Rounds as the score that is answered is rounded. */
const rounded = (similarity: SQL): SQL => sql`round((${similarity})::numeric, 4)`;
const NONE_NEAR = sql`nearest as (select '' as id, 0::float8 as distance where false)`;

/**
 * Active items, best first, in one statement: those nearest by meaning and those that share words. An
 * item's score is its similarity, as a part of the greatest one, and its BM25 (Robertson and Zaragoza
 * 2009) as a part of the highest one, times the square of how much of the query it has (rare words are
 * more of it than common ones): a wish that shares one word with an item says little, a name that
 * shares all of them a lot. Words count in full for an item that has no vector of this model yet.
 */
export async function findItems(db: Db, query: HybridQuery): Promise<FoundItem[]> {
  const stems = stemsAskedFor(db, query.text, SORTED_LANGUAGES);
  const { rows } = await ask(db, query, stems);
  const told = rows.find(({ id }) => id === null);
  if (told && stems.fresh.length > 0)
    learnStems(db, stems, told['learned'] as LearnedStem[] | null);
  return rows
    .filter(({ id }) => id !== null)
    .map(({ id, name, description, currency, baseMinor, similarity }) => ({
      ...({ id, name, description, currency, similarity } as FoundItem),
      baseMinor: Number(baseMinor),
    }));
}

/** Values of the statement, or the places for them. */
interface Values {
  readonly known: unknown;
  readonly fresh: unknown;
  readonly vector: unknown;
  readonly model: unknown;
  readonly minSimilarity: unknown;
  readonly limit: unknown;
}

/** The facts on which the text of the statement depends, beside the filters. */
interface Shape {
  readonly isByMeaning: boolean;
  readonly isNegating: boolean;
  readonly isBounded: boolean;
}

function shapeOf({ vector, minSimilarity }: HybridQuery, { isNegating }: AskedStems): Shape {
  const isByMeaning = vector !== undefined;
  return { isByMeaning, isNegating, isBounded: isByMeaning && minSimilarity > 0 };
}

function valuesOf({ vector, model, minSimilarity, limit }: HybridQuery, stems: AskedStems): Values {
  const known = JSON.stringify(stems.known);
  const fresh = JSON.stringify(stems.fresh);
  return { known, fresh, vector: vector && toBytes(vector), model, minSimilarity, limit };
}

/** Planning costs as much as a search among few, and so the statements without filters are planned once. */
const BOOLEANS = [false, true] as const;
const unfiltered = new Map(
  BOOLEANS.flatMap((isByMeaning) =>
    BOOLEANS.flatMap((isNegating) =>
      BOOLEANS.map((isBounded) => {
        const shape = { isByMeaning, isNegating, isBounded };
        const name = `search_${[isByMeaning, isNegating, isBounded].map(Number).join('')}`;
        return [
          JSON.stringify(shape),
          preparedSql<Values>(name, (values) => statementOf(shape, values)),
        ] as const;
      }),
    ),
  ),
);

function ask(db: Db, query: HybridQuery, stems: AskedStems): Promise<Rows> {
  const conditions = conditionsOf(query.filters);
  const shape = shapeOf(query, stems);
  const values = valuesOf(query, stems);
  const prepared = conditions.length === 0 ? unfiltered.get(JSON.stringify(shape)) : undefined;
  if (prepared) return prepared(db, values);
  return db.execute(statementOf(shape, values, and(...conditions)));
}

/** The statement of a query as it is sent, with its values in their places. */
export function searchStatement(db: Db, query: HybridQuery): SQL {
  const stems = stemsAskedFor(db, query.text, SORTED_LANGUAGES);
  const isWanted = and(...conditionsOf(query.filters));
  return statementOf(shapeOf(query, stems), valuesOf(query, stems), isWanted);
}

function statementOf(shape: Shape, values: Values, isWanted?: SQL): SQL {
  const { id, active, document, name, description, currency, basePriceMinor } = inventoryItems;
  const { isByMeaning, isNegating, isBounded } = shape;
  const isActive = eq(active, true);
  const byMeaning = isByMeaning
    ? sql`${asked(values.vector)}, ${nearest({ model: values.model, isActive, isWanted, limit: CANDIDATES })}`
    : NONE_NEAR;
  const similarity = isByMeaning
    ? sql`1 - coalesce(distance, ${distanceOf(sql`fused.id`, values.model)})`
    : sql`null::float8`;
  const isSimilar = isBounded
    ? sql`${rounded(sql`similarity`)} >= ${values.minSimilarity}::float8::numeric`
    : sql`true`;
  const isUnwanted = isNegating
    ? sql`coalesce((select ${document} @@ terms from ${inventoryItems}, unwanted
        where ${id} = fused.id), false)`
    : sql`false`;

  // The word that a statement begins with is what its span is called.
  return sql`
    select * from (
    with ${termsOf(values)},
    ${byMeaning},
    ${byWords(and(isActive, isWanted))},
    fused as (
      select id, distance, score, coverage from nearest full join by_words using (id)
    ),
    compared as materialized (
      select id, ${similarity} as similarity, score, coverage, ${isUnwanted} as is_unwanted
      from fused
    ),
    ranked as (
      select id, similarity,
        coalesce(greatest(similarity, 0) / nullif(max(similarity) over (), 0), 0)
          + case when is_unwanted then ${constant(-UNWANTED)}
            else ${constant(WORDS_SHARE)} * coalesce(score / nullif(max(score) over (), 0)
              * case when similarity is null then 1 else coverage * coverage end, 0) end as score
      from compared where ${isSimilar}
      order by score desc, similarity desc nulls last, id limit ${values.limit}::int
    )
    select ${id}, ${name}, ${description}, ${currency},
      ${basePriceMinor} as "baseMinor", similarity, score, null::jsonb as learned
    from ranked join ${inventoryItems} using (id)
    union all
    -- One more row tells what was worked out, so that it need not be again.
    select null, null, null, null, null, null, null, jsonb_agg(to_jsonb(fresh)) from fresh
    ) as found
    order by score desc nulls first, similarity desc nulls last, id`;
}

/** The best items by BM25: `by_words` (id, score, coverage: how much of the query they have, 0 to 1). */
function byWords(isCandidate: SQL | undefined): SQL {
  const { id, document, language } = inventoryItems;
  return sql`
    matching as materialized (
      select ${id}, ${document}, ${language}, length(${document})::float8 as words
      from ${inventoryItems}
      where ${isCandidate} and ${document} @@ (
        select coalesce(
          string_agg(term::text, ' | ') filter (where matches <= ${constant(MAX_MATCHES)}),
          string_agg(term::text, ' & '))::tsquery from terms)
      limit ${constant(MAX_MATCHES)}
    ),
    matched as (
      select id, word, max(weight) as weight,
        max(weight * occurrences * ${constant(K1 + 1)} / (occurrences
          + ${constant(K1)} * (1 - ${constant(B)} + ${constant(B)} * words / length))) as score
      from matching join terms on document @@ term
        -- A stem by another language counts only where the item's own has none of the word.
        and (language = any(languages) or language <> all(known_in)),
        everything,
        -- Of a single word this is how often it occurs, by the fields' weights.
        lateral (select ts_rank_cd(${constant(FIELDS)}, document, term) as occurrences offset 0) as counted
      group by id, word
    ),
    by_words as (
      select id, sum(score) as score,
        sum(weight) / (select sum(weight) from words) as coverage
      from matched group by id order by score desc, id limit ${constant(CANDIDATES)}
    )`;
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
