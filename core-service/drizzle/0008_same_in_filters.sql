-- Signs that look the same are the same too: hyphens, dashes and minus signs, apostrophes, quotes.
-- text/search-words.ts does the same to a query.
ALTER FUNCTION fold_text(text) RENAME TO fold_letters;--> statement-breakpoint
CREATE FUNCTION fold_text(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(public.fold_letters(written),
  E'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2018\u2019\u201B\u02BB\u02BC\u201C\u201D\u201E',
  '-------''''''''''"""');--> statement-breakpoint
-- What filters compare: any blanks are one, and Greek letters have no accents, because capitals lose
-- the tonos, and may get a diaeresis for it. Other letters keep theirs: u and ü are two.
CREATE FUNCTION fold_value(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
  normalize(
    regexp_replace(normalize(public.fold_text(written), NFD), E'([\u03B1-\u03C9])[\u0300-\u036F]+', '\1', 'g'),
    NFC),
  '\s+', ' ', 'g'));--> statement-breakpoint
CREATE OR REPLACE FUNCTION fold_attributes(attributes jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT coalesce(jsonb_object_agg(name, list), '{}') FROM (
    SELECT public.fold_value(key) AS name, jsonb_agg(
      CASE jsonb_typeof(each) WHEN 'string' THEN to_jsonb(public.fold_value(each #>> '{}')) ELSE each END) AS list
    FROM jsonb_each(attributes),
      jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS each
    GROUP BY 1
  ) AS folded
);--> statement-breakpoint
-- The table is written anew, and its indexes with it: the one of the vectors at the end, and with memory.
SET LOCAL maintenance_work_mem = '1GB';--> statement-breakpoint
DROP INDEX IF EXISTS "inventory_items_embedding_idx";--> statement-breakpoint
ALTER TABLE "inventory_items"
  DROP COLUMN "document",
  DROP COLUMN "filterable",
  ADD COLUMN "document" "tsvector" GENERATED ALWAYS AS (inventory_document(language, name, description, attributes)) STORED,
  ADD COLUMN "filterable" jsonb GENERATED ALWAYS AS (fold_attributes(attributes)) STORED;--> statement-breakpoint
CREATE INDEX "inventory_items_embedding_idx" ON "inventory_items" USING hnsw ("embedding" vector_cosine_ops);--> statement-breakpoint
CREATE INDEX "inventory_items_document_idx" ON "inventory_items" USING gin ("document");--> statement-breakpoint
CREATE INDEX "inventory_items_attributes_idx" ON "inventory_items" USING gin ("filterable" jsonb_path_ops);--> statement-breakpoint
REFRESH MATERIALIZED VIEW search_terms;
