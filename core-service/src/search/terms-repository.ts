import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import { LANGUAGES } from '../db/schema.ts';
import type { SearchWords } from '../text/search-words.ts';
import { composeText, searchWords } from '../text/search-words.ts';
import { readWording } from '../text/wording.ts';

/** Token types of Postgres's parser that are words or numbers. */
const WORD_TOKENS = '{1,2,3,9,10,11,15,16,17,22}';
/** The configurations that the migrations make. */
const CONFIGURATIONS = `{${LANGUAGES.map((code) => `public.aura_${code}`).join()}}`;
/** `pg_trgm`'s similarity from which on a word is taken for another one, misspelt. */
const LIKENESS = 0.4;
const MIN_GUESSED = 4;
const GUESSES = 2;

/** A quoted lexeme is the whole of a tsquery, whatever is in it. */
const asQuery = (lexeme: SQL): SQL =>
  sql`concat('''', replace(replace(${lexeme}, '\\', '\\\\'), '''', ''''''), '''')::tsquery`;

/** Rows of word and lexeme: each word of a text in the stems of every language. */
const stemsOf = ({ text, grams }: SearchWords): SQL => sql`
  select distinct lower(token) as word, lexeme
  from ts_parse('default', ${text}),
    unnest(${CONFIGURATIONS}::regconfig[]) configuration,
    unnest(to_tsvector(configuration, token)) stem
  where tokid = any(${WORD_TOKENS}::int[])${asTheyAre(grams)}`;

/** More such rows. */
const asTheyAre = (words: readonly string[]): SQL =>
  words.length === 0
    ? sql``
    : sql` union all
      select word, word from jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) word`;

/**
 * The words that a text asks for, as common table expressions of which the last three are for use:
 * `terms` has a row for each stem of a word (word, term: tsquery, weight, matches: how many items
 * have it or a rarer one), `words` one for each word (word, weight), and `unwanted` one for all that
 * the text negates (terms: tsquery or null).
 *
 * The query's language is not asked: each word is stemmed by every language, and what the inventory
 * has of that counts. The weight is the inverse document frequency, ln(1 + items / items with it)
 * (Spärck Jones 1972); of a word that was guessed it is as much less as the two are unlike.
 */
export function termsOf(text: string): SQL {
  const { affirmed, negated } = readWording(composeText(text));
  const asked = searchWords(affirmed);
  return sql`
    stems as (${stemsOf(asked)}),
    named as (select word, lexeme from stems${asTheyAre(asked.codes)}),
    known as (
      select distinct word, lexeme, items, 1::real as likeness from named,
        -- Each is looked up by the index; a plain join would read the whole list.
        lateral (
          select items from search_terms where search_terms.lexeme = named.lexeme offset 0
        ) as listed
    ),
    -- Too new for the list, or misspelt.
    unknown as (
      select word, lexeme, 0 as items, 1::real as likeness from stems
      where word not in (select word from known)
    ),
    guessed as (
      select word, near.* from (select distinct word from unknown) as strange,
        lateral (
          select lexeme, items, similarity(lexeme, word) as likeness from search_terms
          where lexeme % word and similarity(lexeme, word) >= ${LIKENESS}
          order by likeness desc, lexeme limit ${GUESSES}
        ) as near
      where length(word) >= ${MIN_GUESSED} and not exists (
        -- What is a stop word somewhere is not misspelt.
        select from unnest(${CONFIGURATIONS}::regconfig[]) configuration
        where to_tsvector(configuration, word) = '')
    ),
    terms as (
      select word, term, likeness * ln(1 + total / greatest(items, 0.5)) as weight,
        sum(items) over (order by items, term::text) as matches
      from (table known union all table unknown union all table guessed) as found,
        lateral (select ${asQuery(sql`lexeme`)} as term) as quoted,
        (select coalesce(max(items), 0)::float8 as total from search_terms where lexeme = '')
          as everything
    ),
    words as (select word, max(weight) as weight from terms group by word),
    unwanted as (
      select string_agg(${asQuery(sql`lexeme`)}::text, ' | ')::tsquery as terms
      from (${stemsOf(searchWords(negated))}) as stems
    )`;
}
