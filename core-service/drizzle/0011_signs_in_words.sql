-- Letters, digits and signs that are typed by another keyboard are the same too: the Arabic and the Persian
-- kaf and yeh, the digits of Arabic, Persian, Hindi, Bengali and Thai, and whatever is typed between the sides
-- of a size (10×20, 10x20, 10*20). Arabic and Hebrew are written with their vowels or without, Arabic also
-- stretched. text/search-words.ts does the same to a query.
CREATE OR REPLACE FUNCTION fold_text(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
  translate(public.fold_letters(written),
    E'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2018\u2019\u201B\u02BB\u02BC\u201C\u201D\u201E'
    || E'\u06A9\u06CC\u0649'
    || E'\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u06F0\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7\u06F8\u06F9\u0966\u0967\u0968\u0969\u096A\u096B\u096C\u096D\u096E\u096F\u09E6\u09E7\u09E8\u09E9\u09EA\u09EB\u09EC\u09ED\u09EE\u09EF\u0E50\u0E51\u0E52\u0E53\u0E54\u0E55\u0E56\u0E57\u0E58\u0E59'
    || E'\u0640\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0670\u0591\u0592\u0593\u0594\u0595\u0596\u0597\u0598\u0599\u059A\u059B\u059C\u059D\u059E\u059F\u05A0\u05A1\u05A2\u05A3\u05A4\u05A5\u05A6\u05A7\u05A8\u05A9\u05AA\u05AB\u05AC\u05AD\u05AE\u05AF\u05B0\u05B1\u05B2\u05B3\u05B4\u05B5\u05B6\u05B7\u05B8\u05B9\u05BA\u05BB\u05BC\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7',
    E'-------\'\'\'\'\'"""'
    || E'\u0643\u064A\u064A'
    || repeat('0123456789', 5)),
  E'(?<=[0-9] ?)[\u00D7\u2715\u2A2F\u0445*](?= ?[0-9])', 'x', 'g');--> statement-breakpoint
CREATE OR REPLACE FUNCTION search_words(configuration regconfig, written text, weight "char")
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  letter CONSTANT text := 'a-z\u00DF-\u024F\u0370-\u03FF\u0400-\u052F';
  han CONSTANT text := '\u3400-\u4DBF\u4E00-\u9FFF\U00020000-\U0003FFFF';
  unspaced CONSTANT text := han || '\u0E01-\u0E4E\u0E81-\u0ECD\u1000-\u104F\u1780-\u17D3\u3005-\u3007\u3041-\u3096\u30A1-\u30FA\u30FC-\u30FF\uAC00-\uD7A3';
  folded CONSTANT text := public.fold_text(written);
  spaced text := regexp_replace(folded, format('(?<=[%1$s\d])[-‐–/_](?=[%1$s\d])', letter), ' ', 'g');
  codes text;
  characters text;
  words tsvector;
BEGIN
  SELECT string_agg(code, ' ') INTO codes FROM (
    -- WD-40 is WD40 too,
    SELECT regexp_replace(hit[1], '[-‐–/._]', '', 'g') AS code
      FROM unnest(ARRAY['-‐–._', '-‐–/._']) AS separators,
        regexp_matches(folded, format('[%1$s\d]+(?:[%2$s][%1$s\d]+)+', letter, separators), 'g') AS hit
      WHERE length(hit[1]) <= 40 AND (separators = '-‐–._' OR hit[1] LIKE '%/%')
    UNION ALL
    -- WD40 is WD 40 too,
    SELECT regexp_replace(hit[1], format('(?<=[%1$s])(?=\d)|(?<=\d)(?=[%1$s])', letter), ' ', 'g')
      FROM regexp_matches(folded, format('[%1$s\d]*(?:[%1$s]\d|\d[%1$s])[%1$s\d]*', letter), 'g') AS hit
      WHERE length(hit[1]) <= 40
    UNION ALL
    -- and WD 40, USB C and 400 ml are WD40, USBC and 400ml.
    SELECT replace(hit[1], ' ', '')
      FROM regexp_matches(spaced, format('(?<![%1$s\d''’])(?:[%1$s]{1,4} \d{1,6}|[%1$s]{2,4} [b-df-hj-np-xz]|\d{1,6} [%1$s]{1,3})(?![%1$s\d])', letter), 'g') AS hit
    UNION ALL
    -- C++, C#, .NET and R&B lose their signs as words; with the signs written out they stay apart from C and R B.
    SELECT replace(replace(hit[1], '+', 'plus'), '#', 'sharp')
      FROM regexp_matches(folded, format('(?<![%1$s0-9])([%1$s0-9]{1,20}(?:\+{2,3}(?![%1$s+])|[+#](?![%1$s0-9+#])))', letter), 'g') AS hit
    UNION ALL
    SELECT 'dot' || hit[1]
      FROM regexp_matches(folded, format('(?<![%1$s0-9.])\.([%1$s]{2,8})(?![%1$s0-9])', letter), 'g') AS hit
    UNION ALL
    SELECT regexp_replace(hit[1], ' ?& ?', 'and')
      FROM regexp_matches(folded, format('(?<![%1$s0-9&])([%1$s0-9]{1,3} ?& ?[%1$s0-9]{1,3})(?![%1$s0-9&])', letter), 'g') AS hit
  ) AS hit;
  SELECT string_agg(format('''%s'':%s%s', gram, place, weight), ' ' ORDER BY place) INTO characters FROM (
    SELECT substr(run[1], i, 2) AS gram, start + i AS place
      FROM (
        SELECT hit AS run, sum(length(hit[1])) OVER (ROWS UNBOUNDED PRECEDING) - length(hit[1]) AS start
        FROM regexp_matches(folded, format('[%s]+', unspaced), 'g') AS hit
      ) AS runs, generate_series(1, greatest(length(run[1]) - 1, 1)) AS i
    UNION ALL
    SELECT hit[1], 1 FROM regexp_matches(folded, format('[%s]', han), 'g') AS hit
  ) AS grams;
  words := to_tsvector(configuration, regexp_replace(spaced, format('[%s]+', unspaced), ' ', 'g'));
  IF codes IS NOT NULL THEN
    words := words || to_tsvector('public.aura_und', codes);
  END IF;
  words := setweight(words, weight);
  IF characters IS NOT NULL THEN
    words := words || characters::tsvector;
  END IF;
  RETURN words;
END $$;--> statement-breakpoint
-- Only the items that this changes are written anew; most inventories have none.
UPDATE inventory_items SET name = name, attributes = attributes
  WHERE document IS DISTINCT FROM inventory_document(language, name, description, attributes)
    OR filterable IS DISTINCT FROM fold_attributes(attributes);--> statement-breakpoint
REFRESH MATERIALIZED VIEW search_terms;
