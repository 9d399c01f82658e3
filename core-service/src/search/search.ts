import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import * as events from '../events.ts';
import type { FoundItem } from './repository.ts';
import { findByWords, findNearest, needsReindex } from './repository.ts';

export interface SearchInput {
  readonly query: string;
  readonly limit: number;
  /** 0 to 1. */
  readonly minSimilarity: number;
}

export interface SearchHit extends Omit<FoundItem, 'similarity' | 'description'> {
  /** Cosine similarity, clamped to 0–1, at most 4 decimals; 0 when only words were compared. */
  readonly score: number;
  /** A sentence about the item. */
  readonly snippet: string;
}

/**
 * Finds active items by meaning, best first; by their words alone when the embedder fails.
 *
 * @throws DomainError `failed_precondition` REINDEX_REQUIRED when the inventory was embedded by
 *   another model
 */
export function search(
  ctx: Context,
  input: SearchInput,
  signal: AbortSignal,
): Promise<SearchHit[]> {
  return events.inSearch(async () => {
    const hits = (await find(ctx, input, signal)).map(toHit);
    events.searchCompleted(ctx.logger, { results: hits.length, limit: input.limit });
    return hits;
  });
}

async function find(ctx: Context, input: SearchInput, signal: AbortSignal): Promise<FoundItem[]> {
  const { db, embedder } = ctx;
  let vector: readonly number[] | undefined;
  try {
    [vector] = await embedder.embed([input.query], signal);
  } catch (error) {
    if (!signal.aborted) events.embedderFailed(ctx.logger, error);
  }
  if (signal.aborted) throw new DomainError('cancelled', 'CANCELLED', 'the caller went away');
  if (!vector) return findByWords(db, input.query, input.limit);

  const { limit, minSimilarity } = input;
  const found = await findNearest(db, { vector, model: embedder.model, minSimilarity, limit });
  if (found.length === 0 && (await needsReindex(db, embedder.model))) {
    const message = `no active item has a vector of ${embedder.model}; seed or reindex the inventory`;
    throw new DomainError('failed_precondition', 'REINDEX_REQUIRED', message);
  }
  return found;
}

function toHit({ similarity, description, ...item }: FoundItem): SearchHit {
  const score = Math.round(Math.min(1, Math.max(0, similarity)) * 10_000) / 10_000;
  return { ...item, score, snippet: firstSentence(description) };
}

const MAX_SNIPPET = 200;

function firstSentence(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(text)?.[0] ?? text;
  if (sentence.length <= MAX_SNIPPET) return sentence;
  return `${sentence.slice(0, MAX_SNIPPET).replace(/\s+\S*$/, '')}…`;
}
