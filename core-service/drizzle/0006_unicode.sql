-- Texts that look the same are the same: composed, in normal width, in small letters that depend on
-- no locale, and without what nobody sees. The small letters are those of the first collation that
-- this Postgres has.
DO $$
DECLARE
  letters name;
BEGIN
  SELECT collname INTO letters FROM pg_collation
    WHERE collnamespace = 'pg_catalog'::regnamespace AND collname IN ('pg_c_utf8', 'und-x-icu', 'default')
    ORDER BY array_position(ARRAY['pg_c_utf8', 'und-x-icu', 'default'], collname::text) LIMIT 1;
  EXECUTE format($function$
    CREATE FUNCTION public.fold_text(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(translate(lower(
      translate(
        normalize(translate(written, E'\u2122\u2120\u00AD\u200B\u200C\u200D\u2060\uFE0E\uFE0F\uFEFF', '  '), NFKC),
        E'\u0130\u0131I\u1E9E', E'iii\u00DF')
      COLLATE pg_catalog.%I), E'\u03C2', E'\u03C3'), E'i\u0307', 'i'), E'\u00DF', 'ss')
  $function$, letters);
END $$;--> statement-breakpoint
-- What filters compare: names and texts folded, each value in a list.
CREATE FUNCTION fold_attributes(attributes jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT coalesce(jsonb_object_agg(name, list), '{}') FROM (
    SELECT btrim(public.fold_text(key)) AS name, jsonb_agg(
      CASE jsonb_typeof(each) WHEN 'string' THEN to_jsonb(btrim(public.fold_text(each #>> '{}'))) ELSE each END) AS list
    FROM jsonb_each(attributes),
      jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS each
    GROUP BY 1
  ) AS folded
);--> statement-breakpoint
-- The words of one text. Beside those that the parser finds, codes are found however their parts are
-- joined (WD-40, WD40, WD 40), and scripts without spaces by each two characters that are neighbours;
-- of Chinese characters also by one. text/search-words.ts does the same to a query.
CREATE FUNCTION search_words(configuration regconfig, written text, weight "char")
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
CREATE OR REPLACE FUNCTION inventory_document(language text, name text, description text, attributes jsonb)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  -- Named in full, because an index is built with an empty search_path.
  configuration regconfig := 'public.aura_' || language;
BEGIN
  RETURN public.search_words(configuration, name, 'A')
    || public.search_words(configuration, (
      SELECT coalesce(string_agg(each #>> '{}', ' . '), '')
      FROM jsonb_path_query(attributes, 'strict $.**') AS each
      WHERE jsonb_typeof(each) IN ('string', 'number')), 'B')
    || public.search_words(configuration, description, 'C');
END $$;--> statement-breakpoint
-- Words with digits lose their accents too.
DO $$
DECLARE
  configuration regconfig;
BEGIN
  FOR configuration IN SELECT oid FROM pg_ts_config WHERE cfgname LIKE 'aura\_%' AND cfgnamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER TEXT SEARCH CONFIGURATION %s ALTER MAPPING FOR numword, numhword, hword_numpart WITH unaccent, simple', configuration);
  END LOOP;
END $$;--> statement-breakpoint
-- The table is written anew, and its index with it: sooner at the end, and with memory.
SET LOCAL maintenance_work_mem = '1GB';--> statement-breakpoint
DROP INDEX IF EXISTS "inventory_items_embedding_idx";--> statement-breakpoint
ALTER TABLE "inventory_items"
  DROP COLUMN "document",
  ADD COLUMN "document" "tsvector" GENERATED ALWAYS AS (inventory_document(language, name, description, attributes)) STORED,
  ADD COLUMN "filterable" jsonb GENERATED ALWAYS AS (fold_attributes(attributes)) STORED;--> statement-breakpoint
DROP INDEX "inventory_items_attributes_idx";--> statement-breakpoint
CREATE INDEX "inventory_items_embedding_idx" ON "inventory_items" USING hnsw ("embedding" vector_cosine_ops);--> statement-breakpoint
CREATE INDEX "inventory_items_document_idx" ON "inventory_items" USING gin ("document");--> statement-breakpoint
CREATE INDEX "inventory_items_attributes_idx" ON "inventory_items" USING gin ("filterable" jsonb_path_ops);--> statement-breakpoint
REFRESH MATERIALIZED VIEW search_terms;
