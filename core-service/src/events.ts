/**
 * What happens in the business: one function for each event, which sets the span's attributes,
 * counts it and writes the log line. Nothing here may ever be given a floor price or a secret.
 */
import type { Attributes, Span } from '@opentelemetry/api';
import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { asDatabaseFault } from './db/faults.ts';
import { DomainError, rootCause } from './errors.ts';
import type { Cap, Circuit } from './llm/haggler.ts';
import type { Logger } from './logger.ts';
import { toMajor } from './money.ts';
import type { Outcome } from './negotiation/outcome.ts';

const tracer = trace.getTracer('aura.core');
const meter = metrics.getMeter('aura.core');
const decisions = meter.createCounter('aura.negotiation.decisions', {
  description: 'Bids answered, by outcome',
});
const rounds = meter.createHistogram('aura.negotiation.rounds', {
  description: 'Rounds of a haggle when it was accepted',
  advice: { explicitBucketBoundaries: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15] },
});
const fallbacks = meter.createCounter('aura.fallbacks', {
  description: 'Requests answered without the model or the embedder because it failed',
});

const replays = meter.createCounter('aura.idempotency.replays', {
  description: 'Answers given again for an idempotency key',
});

const capped = meter.createCounter('aura.llm.capped', {
  description: 'Bids answered without the model because a limit on its cost was reached',
});

export function inNegotiation<T>(itemId: string, work: () => Promise<T>): Promise<T> {
  return inSpan('negotiation.negotiate', { 'aura.item.id': itemId }, work);
}

export function inSearch<T>(work: () => Promise<T>): Promise<T> {
  return inSpan('search.search', {}, work);
}

export function negotiationAnswered(
  logger: Logger,
  answer: {
    readonly item: { readonly id: string; readonly currency: string };
    readonly sessionId: string;
    readonly round: number;
    readonly bidMinor: number;
    readonly outcome: Outcome;
  },
): void {
  const { item, sessionId, round, bidMinor, outcome } = answer;
  trace.getActiveSpan()?.setAttributes({
    'aura.session.id': sessionId,
    'aura.negotiation.round': round,
    'aura.negotiation.outcome': outcome.kind,
  });
  decisions.add(1, { outcome: outcome.kind });
  if (outcome.kind === 'accepted') rounds.record(round);
  const money = (minor: number): number => toMajor(minor, item.currency);
  logger.info(
    {
      item_id: item.id,
      session_id: sessionId,
      round,
      bid_amount: money(bidMinor),
      currency: item.currency,
      ...termsOf(outcome, money),
    },
    `negotiation_${outcome.kind}`,
  );
}

function termsOf(outcome: Outcome, money: (minor: number) => number): Record<string, unknown> {
  switch (outcome.kind) {
    case 'accepted':
      return { final_price: money(outcome.finalMinor) };
    case 'countered':
      return { proposed_price: money(outcome.askMinor), reason: outcome.reason };
    case 'rejected':
    case 'ui_required':
      return { reason: outcome.reason };
  }
}

/** A bid that was answered without a round: whatever it was, this stood. */
export function negotiationStands(
  logger: Logger,
  { itemId, outcome }: { readonly itemId: string; readonly outcome: Outcome },
): void {
  const reason = 'reason' in outcome ? outcome.reason : undefined;
  trace.getActiveSpan()?.setAttributes({
    'aura.negotiation.outcome': outcome.kind,
    ...(outcome.kind === 'rejected' && { 'aura.negotiation.reason': outcome.reason }),
  });
  // What stood before was counted when it was decided.
  if (outcome.kind === 'rejected') decisions.add(1, { outcome: outcome.kind });
  const event = reason === 'ITEM_NOT_FOUND' ? 'item_not_found' : `negotiation_${outcome.kind}`;
  logger.info({ item_id: itemId, reason }, event);
}

/** The answer of an idempotency key was given again. */
export function answerReplayed(logger: Logger): void {
  trace.getActiveSpan()?.setAttribute('aura.idempotency.replayed', true);
  replays.add(1);
  logger.info('answer_replayed');
}

export function reservationMoved(
  logger: Logger,
  event: 'reservation_released' | 'reservation_confirmed' | 'deal_approved',
  itemId: string,
): void {
  logger.info({ item_id: itemId }, event);
}

export function dealDeclined(logger: Logger, sessionId: string): void {
  logger.info({ session_id: sessionId }, 'deal_declined');
}

export function searchCompleted(
  logger: Logger,
  search: { readonly results: number; readonly limit: number },
): void {
  trace.getActiveSpan()?.setAttributes({
    'aura.search.results': search.results,
    'aura.search.limit': search.limit,
  });
  logger.info(search, 'search_completed');
}

/** The query had been embedded before: there is no span of a call. */
export function embeddingCached(): void {
  trace.getActiveSpan()?.setAttribute('aura.search.embedding_cached', true);
}

export function embedderFailed(logger: Logger, error: unknown): void {
  trace.getActiveSpan()?.setAttribute('aura.search.fallback', true);
  fallbacks.add(1, { of: 'embedder' });
  logger.warn({ error_type: errorName(error) }, 'embedder_failed');
}

/** @param strategy who chose the move and the words */
export function moveChosen(strategy: 'model' | 'policy'): void {
  trace.getActiveSpan()?.setAttribute('aura.negotiation.strategy', strategy);
}

export function llmDecisionMade(
  logger: Logger,
  decision: { readonly move: string; readonly moveKept: boolean; readonly wordsKept: boolean },
): void {
  trace.getActiveSpan()?.setAttributes({
    'aura.llm.move_kept': decision.moveKept,
    'aura.llm.words_kept': decision.wordsKept,
  });
  const { move, moveKept, wordsKept } = decision;
  logger.info({ move, move_kept: moveKept, words_kept: wordsKept }, 'llm_decision_made');
}

/** Names only: the vendor's messages quote what was said. */
export function llmFailed(logger: Logger, error: unknown): void {
  trace.getActiveSpan()?.setAttribute('aura.negotiation.fallback', true);
  fallbacks.add(1, { of: 'model' });
  logger.warn({ error_type: errorName(error) }, 'llm_failed');
}

/** A limit was reached and the model not asked: no failure, but the policy's own words. */
export function llmCapped(logger: Logger, cap: Cap): void {
  trace.getActiveSpan()?.setAttribute('aura.llm.capped', cap);
  capped.add(1, { cap });
  logger.info({ cap }, 'llm_capped');
}

export function circuitSeen(circuit: Circuit): void {
  trace.getActiveSpan()?.setAttribute('aura.llm.circuit', circuit);
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

async function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      noteError(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A caller's fault is no error of ours. What came from below is recorded as it arose. */
function noteError(span: Span, error: unknown): void {
  const known = error instanceof DomainError ? error : asDatabaseFault(error);
  if (known?.kind === 'invalid_argument') return;
  span.setAttribute('error.type', known?.reason ?? errorName(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (known !== error) span.recordException(rootCause(error) as Error);
}

export function itemsImported(
  logger: Logger,
  changes: { readonly added: number; readonly updated: number; readonly unchanged: number },
): void {
  logger.info(changes, 'items_imported');
}

/** Old rows were deleted; nothing is said when there were none. */
export function rowsSwept(
  logger: Logger,
  event: 'sessions_swept' | 'idempotency_keys_swept',
  rows: number,
): void {
  if (rows > 0) logger.info({ logger: 'negotiation', rows }, event);
}
