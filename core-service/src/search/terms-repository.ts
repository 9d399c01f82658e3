import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import { LANGUAGES } from '../db/schema.ts';
import type { SearchWords } from '../text/search-words.ts';
import { composeText, searchWords } from '../text/search-words.ts';
import { readWording } from '../text/wording.ts';

/** Token types of Postgres's parser that are words or numbers. */
const WORD_TOKENS = '{1,2,3,9,10,11,15,16,17,22}';
/** They are in the order in which Postgres sorts them. */
const SORTED = LANGUAGES.toSorted();
const ALL_LANGUAGES = `{${SORTED.join()}}`;
/** The configurations that the migrations make, in the same order. */
const CONFIGURATIONS = `{${SORTED.map((code) => `public.aura_${code}`).join()}}`;
/** `pg_trgm`'s similarity from which on a word is taken for another one, misspelt. */
const LIKENESS = 0.4;
const MIN_GUESSED = 4;
const GUESSES = 2;

/** A quoted lexeme is the whole of a tsquery, whatever is in it. */
const asQuery = (lexeme: SQL): SQL =>
  sql`concat('''', replace(replace(${lexeme}, '\\', '\\\\'), '''', ''''''), '''')::tsquery`;

/** Rows of word, lexeme and languages: each word of a text in the stems of every language. */
const stemsOf = ({ text, grams }: SearchWords): SQL => sql`
  select lower(token) as word, lexeme,
    array_agg(distinct language collate "C" order by language collate "C") as languages
  from ts_parse('default', ${text}),
    unnest(${CONFIGURATIONS}::regconfig[], ${ALL_LANGUAGES}::text[]) as each (configuration, language),
    unnest(to_tsvector(configuration, token)) stem
  where tokid = any(${WORD_TOKENS}::int[]) group by 1, 2${asTheyAre(grams)}`;

/** More such rows. */
const asTheyAre = (words: readonly string[]): SQL =>
  words.length === 0
    ? sql``
    : sql` union all
      select word, word, ${ALL_LANGUAGES}::text[] from jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) word`;

/**
 * The words that a text asks for, as common table expressions of which the last three are for use:
 * `terms` has a row for each stem of a word (word, term: tsquery, weight, matches: how many items
 * have it or a rarer one; languages: those that make this stem of the word; known_in: those that make
 * any stem of it that the inventory has), `words` one for each word (word, weight), and `unwanted`
 * one for all that the text negates (terms: tsquery or null).
 *
 * The query's language is not asked: each word is stemmed by every language, and what the inventory
 * has of that counts, for an item first what its own language makes of the word: to Hungarian a tent
 * is some ten. The weight is the inverse document frequency, ln(1 + items / items with it)
 * (Spärck Jones 1972); of a word that was guessed it is as much less as the two are unlike.
 */
export function termsOf(text: string): SQL {
  const { affirmed, negated } = readWording(composeText(text));
  const asked = searchWords(affirmed);
  return sql`
    stems as (${stemsOf(asked)}),
    named as (select word, lexeme, languages from stems${asTheyAre(asked.codes)}),
    known as (
      select distinct word, lexeme, languages, items, 1::real as likeness from named,
        -- Each is looked up by the index; a plain join would read the whole list.
        lateral (
          select items from search_terms where search_terms.lexeme = named.lexeme offset 0
        ) as listed
    ),
    spoken as (
      select word, array_agg(distinct language) as known_in
      from known, unnest(languages) as language group by word
    ),
    -- Too new for the list, or misspelt.
    unknown as (
      select word, lexeme, languages, 0 as items, 1::real as likeness from stems
      where word not in (select word from known)
    ),
    guessed as (
      select word, near.* from (select distinct word from unknown) as strange,
        lateral (
          select lexeme, ${ALL_LANGUAGES}::text[] as languages, items,
            similarity(lexeme, word) as likeness from search_terms
          where lexeme % word and similarity(lexeme, word) >= ${LIKENESS}
          order by likeness desc, lexeme limit ${GUESSES}
        ) as near
      where length(word) >= ${MIN_GUESSED} and not exists (
        -- What is a stop word somewhere is not misspelt.
        select from unnest(${CONFIGURATIONS}::regconfig[]) configuration
        where to_tsvector(configuration, word) = '')
    ),
    terms as (
      select word, term, languages, coalesce(known_in, '{}') as known_in,
        likeness * ln(1 + total / greatest(items, 0.5)) as weight,
        sum(items) over (order by items, term::text) as matches
      from (table known union all table unknown union all table guessed) as found
        left join spoken using (word),
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
