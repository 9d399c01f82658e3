import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import { LANGUAGES } from '../db/schema.ts';
import { constant } from '../db/constant.ts';

/** They are in the order in which Postgres sorts them. */
export const SORTED_LANGUAGES = LANGUAGES.toSorted();
const ALL_LANGUAGES = `'{${SORTED_LANGUAGES.join()}}'`;
/** `pg_trgm`'s similarity from which on a word is taken for another one, misspelt. */
const LIKENESS = 0.4;
const MIN_GUESSED = 4;
const GUESSES = 2;

/** A quoted lexeme is the whole of a tsquery, whatever is in it. */
const asQuery = (lexeme: SQL): SQL =>
  sql`concat('''', replace(replace(${lexeme}, '\\', '\\\\'), '''', ''''''), '''')::tsquery`;

/**
 * The words that a text asks for, as common table expressions of which the last three are for use:
 * `terms` has a row for each stem of a word (word, term: tsquery, weight, matches: how many items
 * have it or a rarer one; languages: those that make this stem of the word; known_in: those that make
 * any stem of it that the inventory has), `words` one for each word (word, weight), and `unwanted`
 * one for all that the text negates (terms: tsquery or null). `everything` has one row (total: how many
 * items are on sale; length: how many different words these have on average), and `fresh` the stems
 * that were worked out here (chunk, word, lexeme, languages).
 *
 * `known` and `fresh` are what `stemsAskedFor` gives, as JSON.
 *
 * The query's language is not asked: each word is stemmed by every language, and what the inventory
 * has of that counts, for an item first what its own language makes of the word: to Hungarian a tent
 * is some ten. The weight is the inverse document frequency of BM25, ln(1 + (items − items with it +
 * ½) / (items with it + ½)) (Robertson and Zaragoza 2009); of a word that was guessed it is as much
 * less as the two are unlike, and of a stop word that nobody has it is 0.
 */
export function termsOf({
  known,
  fresh,
}: {
  readonly known: unknown;
  readonly fresh: unknown;
}): SQL {
  return sql`
    asked_for as (
      select role, chunk from jsonb_to_recordset(${fresh}::jsonb)
        as asked_for (role text, chunk text)
    ),
    fresh as materialized (
      select chunk, word, lexeme, languages
      from (select distinct chunk from asked_for) as chunks, search_stems(chunk)
    ),
    stems as materialized (
      select role, word, lexeme, languages from jsonb_to_recordset(${known}::jsonb)
        as known (role text, word text, lexeme text, languages text[])
      union all
      select role, word, lexeme, languages from asked_for join fresh using (chunk)
    ),
    known as materialized (
      select distinct word, lexeme, languages, items, 1::real as likeness from stems,
        -- Each is looked up by the index; a plain join would read the whole list.
        lateral (
          select items from search_terms where search_terms.lexeme = stems.lexeme offset 0
        ) as listed
      where role <> 'not'
    ),
    spoken as (
      select word, array_agg(distinct language) as known_in
      from known, unnest(languages) as language group by word
    ),
    -- Too new for the list, or misspelt, unless it is a stop word somewhere: then nobody misses it.
    strange as (
      select word, lexeme, languages,
        sum(cardinality(languages)) over (partition by word)
          < ${constant(SORTED_LANGUAGES.length)} as is_stop_word
      from (select distinct word, lexeme, languages from stems
        where role = 'word' and word not in (select word from known)) as missing
    ),
    unknown as (
      select word, lexeme, languages, 0 as items,
        (case when is_stop_word then 0 else 1 end)::real as likeness from strange
    ),
    guessed as (
      select word, near.* from (
          select distinct word from strange
          where not is_stop_word and length(word) >= ${constant(MIN_GUESSED)}
        ) as misspelt,
        lateral (
          select lexeme, ${constant(ALL_LANGUAGES)}::text[] as languages, items,
            similarity(lexeme, word) as likeness from search_terms
          where lexeme % word and similarity(lexeme, word) >= ${constant(LIKENESS)}
          order by likeness desc, lexeme limit ${constant(GUESSES)}
        ) as near
    ),
    everything as materialized (
      select coalesce(max(items), 0)::float8 as total,
        greatest(coalesce(max(occurrences)::float8 / nullif(max(items), 0), 0), 1) as length
      from search_terms where lexeme = ''
    ),
    terms as materialized (
      select word, term, languages, coalesce(known_in, '{}') as known_in, items > 0 as is_had,
        likeness * ln(1 + (greatest(total - items, 0) + 0.5) / (items + 0.5)) as weight,
        sum(items) over (order by items, term::text) as matches
      from (table known union all table unknown union all table guessed) as found
        left join spoken using (word),
        lateral (select ${asQuery(sql`lexeme`)} as term) as quoted,
        everything
    ),
    -- What was guessed stands in for the word that nobody has.
    words as (
      select word, coalesce(max(weight) filter (where is_had), max(weight)) as weight
      from terms group by word
    ),
    unwanted as materialized (
      select string_agg(${asQuery(sql`lexeme`)}::text, ' | ')::tsquery as terms
      from stems where role = 'not'
    )`;
}
