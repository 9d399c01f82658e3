import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import { constant } from '../db/constant.ts';
import { inventoryItems } from '../db/schema.ts';

/**
 * The most items that are ranked by their words. Words that more have tell little, and are only
 * looked for in items that have a rarer one too.
 */
const MAX_MATCHES = 1_000;
/** An occurrence in D, in the description, the attributes and the name counts so much: fields as in BM25F. */
const FIELDS = `'{0.1, 0.5, 0.8, 1}'`;
/**
 * BM25's saturation, in occurrences as they count by `FIELDS`, and how much the length of an item counts:
 * the usual ones, from which those of `bench:search` do not differ.
 */
const K1 = 0.6;
const B = 0.5;

/**
 * Items by BM25 (Robertson and Zaragoza 2009), as common table expressions of which the last one is for
 * use: `by_words` (id, score, coverage: how much of the query they have, 0 to 1; place: 1 is the best).
 * They read those of `termsOf`.
 *
 * @param isCandidate the items that are looked at
 */
export function byWords(isCandidate: SQL | undefined): SQL {
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
        sum(weight) / nullif((select sum(weight) from words), 0) as coverage,
        row_number() over (order by sum(score) desc, id) as place
      from matched group by id
    )`;
}
