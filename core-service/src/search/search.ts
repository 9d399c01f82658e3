import { useSignature } from '../agents/use-signature.ts';
import type { Context } from '../context.ts';
import { callerGone, DomainError } from '../errors.ts';
import type { Embedder } from '../llm/embedder.ts';
import type { Call } from '../request-scope.ts';
import { inSpan } from '../telemetry/spans.ts';
import { hasWords } from '../text/search-words.ts';
import * as events from './events.ts';
import { timed } from './metrics.ts';
import { followInventory } from './query-embedder.ts';
import type { Filters } from './filters-repository.ts';
import type { FoundItem } from './repository.ts';
import { findItems } from './repository.ts';

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
 *   another model; what `useSignature` throws
 */
export function search(ctx: Context, input: SearchInput, call: Call): Promise<SearchHit[]> {
  const attributes = { 'aura.agent.verified': call.signature !== undefined };
  return inSpan('search.search', attributes, async () => {
    await useSignature(ctx, call);
    const hits = (await find(ctx, input, call)).map(toHit);
    events.searchCompleted(ctx.logger, { results: hits.length, limit: input.limit });
    return hits;
  });
}

async function find(ctx: Context, input: SearchInput, call: Call): Promise<FoundItem[]> {
  const { model } = ctx.searched.by;
  const { found, isBlind } = await findBy(ctx.searched.by, ctx, input, call);
  if (!isBlind || (await followInventory(ctx))) {
    // Another model has taken over since the last look.
    const isOther = isBlind && ctx.searched.by.model !== model;
    return isOther ? (await findBy(ctx.searched.by, ctx, input, call)).found : found;
  }
  const message = `no active item has a vector of ${ctx.searched.by.model}; reindex the inventory`;
  throw new DomainError('failed_precondition', 'REINDEX_REQUIRED', message, { isOurs: true });
}

/** @returns also whether there was a vector and none to compare it with */
async function findBy(
  embedder: Embedder,
  { db, logger }: Context,
  { query: text, ...rest }: SearchInput,
  { signal }: Call,
): Promise<{ readonly found: FoundItem[]; readonly isBlind: boolean }> {
  let vector: readonly number[] | undefined;
  try {
    // Signs alone mean nothing: every item would be as near as any other.
    if (hasWords(text)) {
      const query = text.normalize('NFC');
      vector = await timed('embedding', () => embedder.embedQuery(query, signal));
      if (embedder.saysNothing?.(vector)) vector = undefined;
    }
  } catch (error) {
    if (!signal.aborted) events.embedderFailed(logger, error);
  }
  if (signal.aborted) throw callerGone();
  const query = { text, vector, model: embedder.model, ...rest };
  const found = await timed('ranking', () => findItems(db, query));
  const isBlind = vector !== undefined && found.every(({ similarity }) => similarity === null);
  return { found, isBlind };
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
