-- The list of words also tells how often each occurs; for the empty word, which counts the items, that
-- is how many different words all items have together. A ranking by words heeds the length of an item.
DROP MATERIALIZED VIEW search_terms;--> statement-breakpoint
CREATE MATERIALIZED VIEW search_terms AS
  SELECT word AS lexeme, ndoc AS items, nentry::bigint AS occurrences
    FROM ts_stat('select document from public.inventory_items where active')
  UNION ALL
  SELECT '', count(*)::integer, coalesce(sum(length(document)), 0)::bigint
    FROM public.inventory_items WHERE active;--> statement-breakpoint
CREATE UNIQUE INDEX search_terms_lexeme_idx ON search_terms (lexeme);--> statement-breakpoint
CREATE INDEX search_terms_trigrams_idx ON search_terms USING gin (lexeme gin_trgm_ops);
--> statement-breakpoint
-- What each language makes of the words of a piece of text: (word, lexeme, languages).
CREATE FUNCTION search_stems(piece text)
RETURNS TABLE (word text, lexeme text, languages text[]) LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 4 AS $$
BEGIN
  RETURN QUERY
    SELECT lower(token), stem.lexeme, array_agg(DISTINCT listed.code COLLATE "C" ORDER BY listed.code COLLATE "C")
    FROM ts_parse('default', piece),
      (SELECT oid::regconfig AS configuration, substr(cfgname, 6) AS code FROM pg_ts_config
        WHERE cfgname LIKE 'aura\_%' AND cfgnamespace = 'public'::regnamespace) AS listed,
      unnest(to_tsvector(listed.configuration, token)) AS stem
    -- Words and numbers, by their types in Postgres's parser.
    WHERE tokid IN (1, 2, 3, 9, 10, 11, 15, 16, 17, 22)
    GROUP BY 1, 2;
END $$;
