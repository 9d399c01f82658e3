/** The events of a search: each function sets the span's attributes, counts, and writes the log line. */
import type { Logger } from '../logger.ts';
import { countFallback } from '../telemetry/fallbacks.ts';
import { describeFailure, setAttributes } from '../telemetry/spans.ts';

export function searchCompleted(
  logger: Logger,
  search: { readonly results: number; readonly limit: number },
): void {
  setAttributes({ 'aura.search.results': search.results, 'aura.search.limit': search.limit });
  logger.info(search, 'search_completed');
}

/** The query was compared by its words alone. */
export function embedderFailed(logger: Logger, error: unknown): void {
  setAttributes({ 'aura.search.fallback': true });
  countFallback('embedder');
  logger.warn(describeFailure(error), 'embedder_failed');
}
