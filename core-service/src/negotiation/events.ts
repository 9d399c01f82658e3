/**
 * The events of a haggle: each function sets the span's attributes, counts, and writes the log line.
 * None of them may ever be given a floor price or a secret.
 */
import type { CappedError, Circuit } from '../llm/chat-model.ts';
import type { Logger } from '../logger.ts';
import { toMajor } from '../money.ts';
import { countFallback } from '../telemetry/fallbacks.ts';
import { describeFailure, linkTo, setAttributes } from '../telemetry/spans.ts';
import { countBid, countCapped, countDecision, countLimited, LIMIT_LABELS } from './metrics.ts';
import type { Strategy } from './metrics.ts';
import type { Outcome } from './outcome.ts';

const EVENTS = {
  accepted: 'negotiation_accepted',
  countered: 'negotiation_countered',
  rejected: 'negotiation_rejected',
  ui_required: 'negotiation_ui_required',
} as const satisfies Readonly<Record<Outcome['kind'], string>>;

export interface Answered {
  readonly item: { readonly id: string; readonly currency: string };
  readonly sessionId: string;
  readonly round: number;
  readonly bidMinor: number;
  readonly outcome: Outcome;
  readonly strategy: Strategy;
  /** The agent signed the bid. */
  readonly isVerified: boolean;
}

/** A bid of a session was read: its span names the session and leads to the bid before. */
export function haggleGoesOn(session: {
  readonly id: string;
  readonly traceparent: string | null;
}): void {
  setAttributes({ 'aura.session.id': session.id });
  linkTo(session.traceparent);
}

/** A bid was decided and written down as a round. */
export function negotiationAnswered(logger: Logger, answered: Answered): void {
  const { item, sessionId, round, bidMinor, outcome, strategy, isVerified } = answered;
  const money = (minor: number): number => toMajor(minor, item.currency);
  setAttributes({
    'aura.session.id': sessionId,
    'aura.negotiation.round': round,
    'aura.negotiation.outcome': outcome.kind,
    'aura.negotiation.bid': money(bidMinor),
    'aura.negotiation.currency': item.currency,
  });
  // Only what the buyer is told: an ask that nobody has heard of stays unheard of.
  if (outcome.kind === 'countered') {
    setAttributes({ 'aura.negotiation.ask': money(outcome.askMinor) });
  } else if (outcome.kind === 'accepted') {
    setAttributes({ 'aura.negotiation.price': money(outcome.finalMinor) });
  }
  countBid({ currency: item.currency, round, bidMinor, outcome, strategy });
  logger.info(
    {
      item_id: item.id,
      session_id: sessionId,
      round,
      agent_verified: isVerified,
      bid_amount: money(bidMinor),
      currency: item.currency,
      ...termsOf(outcome, money),
    },
    EVENTS[outcome.kind],
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

/** A bid was answered without a round: this stood, whatever was bid. */
export function negotiationStands(
  logger: Logger,
  { itemId, outcome }: { readonly itemId: string; readonly outcome: Outcome },
): void {
  const reason = 'reason' in outcome ? outcome.reason : undefined;
  setAttributes({
    'aura.negotiation.outcome': outcome.kind,
    ...(outcome.kind === 'rejected' && { 'aura.negotiation.reason': outcome.reason }),
  });
  // An outcome that stood before was counted when it was decided.
  if (outcome.kind === 'rejected') countDecision(outcome, 'policy');
  const event = reason === 'ITEM_NOT_FOUND' ? 'item_not_found' : EVENTS[outcome.kind];
  logger.info({ item_id: itemId, reason }, event);
}

/** The answer of an idempotency key was given again: its span names the session that it was given in. */
export function answerStood(answer: {
  readonly outcome: Outcome;
  readonly sessionId?: string;
}): void {
  const { outcome, sessionId } = answer;
  setAttributes({
    'aura.negotiation.outcome': outcome.kind,
    ...(sessionId !== undefined && { 'aura.session.id': sessionId }),
  });
}

/** An ask stayed above what the terms allow, for the deals of the day have conceded enough. */
export function concessionCeilingReached(logger: Logger, itemId: string): void {
  logger.info({ item_id: itemId }, 'concession_ceiling_reached');
}

/** An agent asked for one more session of an item than it may have open; nothing was decided. */
export function sessionLimitReached(logger: Logger, itemId: string): void {
  setAttributes(LIMIT_LABELS);
  countLimited();
  logger.info({ item_id: itemId }, 'session_limit_reached');
}

/** @param strategy who chose the move and the words */
export function moveChosen(strategy: Strategy): void {
  setAttributes({ 'aura.negotiation.strategy': strategy });
}

export function llmDecisionMade(
  logger: Logger,
  decision: { readonly move: string; readonly moveKept: boolean; readonly wordsKept: boolean },
): void {
  const { move, moveKept, wordsKept } = decision;
  setAttributes({ 'aura.llm.move_kept': moveKept, 'aura.llm.words_kept': wordsKept });
  logger.info({ move, move_kept: moveKept, words_kept: wordsKept }, 'llm_decision_made');
}

/** The log gets the error's class only: the vendor's messages quote what was said. */
export function llmFailed(logger: Logger, error: unknown): void {
  setAttributes({ 'aura.negotiation.fallback': true });
  countFallback('model');
  logger.warn(describeFailure(error), 'llm_failed');
}

/** A limit was reached and the model not asked: no failure, but the policy's own words. */
export function llmCapped(logger: Logger, { cap, cause }: CappedError): void {
  setAttributes({ 'aura.llm.capped': cap });
  countCapped(cap);
  logger.info({ cap, ...(cause !== undefined && { err: cause }) }, 'llm_capped');
}

export function circuitSeen(circuit: Circuit): void {
  setAttributes({ 'aura.llm.circuit': circuit });
}

/** Old rows were deleted; nothing is said when there were none. */
export function rowsSwept(
  logger: Logger,
  event: 'sessions_swept' | 'idempotency_keys_swept' | 'nonces_swept' | 'import_rows_swept',
  rows: number,
): void {
  if (rows > 0) logger.info({ logger: 'negotiation', rows }, event);
}
