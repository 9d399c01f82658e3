CREATE EXTENSION IF NOT EXISTS unaccent;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
-- One configuration per language, each without accents.
DO $$
DECLARE
  language record;
  stems regdictionary;
BEGIN
  FOR language IN SELECT * FROM (VALUES
    ('da', 'danish'),
    ('de', 'german'),
    ('en', 'english'),
    ('es', 'spanish'),
    ('fi', 'finnish'),
    ('fr', 'french'),
    ('hu', 'hungarian'),
    ('it', 'italian'),
    ('nl', 'dutch'),
    ('no', 'norwegian'),
    ('pt', 'portuguese'),
    ('ro', 'romanian'),
    ('ru', 'russian'),
    ('sv', 'swedish'),
    ('tr', 'turkish'),
    ('und', 'simple')
  ) AS listed (code, name) LOOP
    EXECUTE format('CREATE TEXT SEARCH CONFIGURATION public.aura_%s (COPY = pg_catalog.%I)', language.code, language.name);
    stems := CASE language.name WHEN 'simple' THEN 'simple' ELSE language.name || '_stem' END;
    EXECUTE format('ALTER TEXT SEARCH CONFIGURATION public.aura_%s ALTER MAPPING FOR hword, hword_part, word WITH unaccent, %s', language.code, stems);
  END LOOP;
END $$;--> statement-breakpoint
-- What is searched of an item: the weight A is its name, B its attributes, C its description.
CREATE FUNCTION inventory_document(language text, name text, description text, attributes jsonb)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  -- Named in full, because an index is built with an empty search_path.
  configuration regconfig := 'public.aura_' || language;
BEGIN
  RETURN setweight(to_tsvector(configuration, name), 'A')
    || setweight(jsonb_to_tsvector(configuration, attributes, '["string", "numeric"]'), 'B')
    || setweight(to_tsvector(configuration, description), 'C');
END $$;--> statement-breakpoint
-- The table is written anew below, and its index with it: sooner at the end, and with memory.
SET LOCAL maintenance_work_mem = '1GB';--> statement-breakpoint
DROP INDEX IF EXISTS "inventory_items_embedding_idx";--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "language" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "document" "tsvector" GENERATED ALWAYS AS (inventory_document(language, name, description, attributes)) STORED;--> statement-breakpoint
CREATE INDEX "inventory_items_embedding_idx" ON "inventory_items" USING hnsw ("embedding" vector_cosine_ops);--> statement-breakpoint
CREATE INDEX "inventory_items_document_idx" ON "inventory_items" USING gin ("document");--> statement-breakpoint
CREATE INDEX "inventory_items_attributes_idx" ON "inventory_items" USING gin ("attributes" jsonb_path_ops);--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_language" CHECK ("inventory_items"."language" in ('en', 'da', 'de', 'es', 'fi', 'fr', 'hu', 'it', 'nl', 'no', 'pt', 'ro', 'ru', 'sv', 'tr', 'und'));--> statement-breakpoint
-- The words of the active items and how many have each; the empty word counts the items. Rare words
-- tell more, and unknown ones are compared with these letter by letter. Refreshed by whatever
-- changes the inventory in bulk; a stale one costs some order, never a result.
CREATE MATERIALIZED VIEW search_terms AS
  SELECT word AS lexeme, ndoc AS items
    FROM ts_stat('select document from public.inventory_items where active')
  UNION ALL
  SELECT '', count(*)::integer FROM public.inventory_items WHERE active;--> statement-breakpoint
CREATE UNIQUE INDEX search_terms_lexeme_idx ON search_terms (lexeme);--> statement-breakpoint
CREATE INDEX search_terms_trigrams_idx ON search_terms USING gin (lexeme gin_trgm_ops);
