import type { Context } from '../context.ts';
import { callerGone, DomainError } from '../errors.ts';
import type { Call } from '../request-scope.ts';
import { inSpan } from '../telemetry/spans.ts';
import { hasWords } from '../text/search-words.ts';
import * as events from './events.ts';
import type { Filters, FoundItem } from './repository.ts';
import { findItems, needsReindex } from './repository.ts';

export interface SearchInput {
  readonly query: string;
  readonly limit: number;
  /** 0 to 1. */
  readonly minSimilarity: number;
  readonly filters: Filters;
}

export interface SearchHit extends Omit<FoundItem, 'similarity' | 'description'> {
  /**
   * Cosine similarity, clamped to 0–1, at most 4 decimals; 0 when only words were compared. The
   * order is that of both rankings together.
   */
  readonly score: number;
  /** A sentence about the item. */
  readonly snippet: string;
}

/**
 * Finds active items by meaning and by their words, best first; by their words alone when the
 * embedder fails.
 *
 * @throws DomainError `failed_precondition` REINDEX_REQUIRED when the inventory was embedded by
 *   another model
 */
export function search(ctx: Context, input: SearchInput, call: Call): Promise<SearchHit[]> {
  return inSpan('search.search', {}, async () => {
    const hits = (await find(ctx, input, call)).map(toHit);
    events.searchCompleted(ctx.logger, { results: hits.length, limit: input.limit });
    return hits;
  });
}

async function find(ctx: Context, input: SearchInput, { signal }: Call): Promise<FoundItem[]> {
  const { db, embedder } = ctx;
  let vector: readonly number[] | undefined;
  try {
    // Signs alone mean nothing: every item would be as near as any other.
    if (hasWords(input.query)) {
      vector = await embedder.embedQuery(input.query.normalize('NFC'), signal);
      if (embedder.saysNothing?.(vector)) vector = undefined;
    }
  } catch (error) {
    if (!signal.aborted) events.embedderFailed(ctx.logger, error);
  }
  if (signal.aborted) throw callerGone();

  const { query: text, ...rest } = input;
  const found = await findItems(db, { text, vector, model: embedder.model, ...rest });
  const isBlind = vector && found.every(({ similarity }) => similarity === null);
  if (isBlind && (await needsReindex(db, embedder.model))) {
    const message = `no active item has a vector of ${embedder.model}; reindex the inventory`;
    throw new DomainError('failed_precondition', 'REINDEX_REQUIRED', message);
  }
  return found;
}

function toHit({ similarity, description, ...item }: FoundItem): SearchHit {
  const score = Math.round(Math.min(1, Math.max(0, similarity ?? 0)) * 10_000) / 10_000;
  return { ...item, score, snippet: firstSentence(description) };
}

const MAX_SNIPPET = 200;

function firstSentence(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(text)?.[0] ?? text;
  if (sentence.length <= MAX_SNIPPET) return sentence;
  return `${sentence.slice(0, MAX_SNIPPET).replace(/\s+\S*$/, '')}…`;
}
