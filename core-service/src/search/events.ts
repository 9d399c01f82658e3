/** The events of a search: each function sets the span's attributes, counts, and writes the log line. */
import { EmbeddingError } from '../llm/embedder.ts';
import type { Logger } from '../logger.ts';
import { countFallback } from '../telemetry/fallbacks.ts';
import { describeFailure, setAttributes } from '../telemetry/spans.ts';
import { countResults } from './metrics.ts';

export function searchCompleted(
  logger: Logger,
  search: { readonly results: number; readonly limit: number },
): void {
  setAttributes({ 'aura.search.results': search.results, 'aura.search.limit': search.limit });
  countResults(search.results);
  logger.info(search, 'search_completed');
}

/** The query was compared by its words alone. */
export function embedderFailed(logger: Logger, error: unknown): void {
  setAttributes({ 'aura.search.fallback': true });
  countFallback('embedder');
  // Its message is in our own words; those of other errors may be the vendor's.
  const reason = error instanceof EmbeddingError ? error.message : undefined;
  logger.warn({ ...describeFailure(error), reason }, 'embedder_failed');
}
