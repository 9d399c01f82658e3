import { createHash, randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { DomainError, invalidArgument } from '../errors.ts';
import * as events from '../events.ts';
import { currencyDigits, toMinor } from '../money.ts';
import type { Terms } from './asks.ts';
import { DEFAULT_TERMS, openingAsk } from './asks.ts';
import { chooseMove } from './choose-move.ts';
import { keyedJitter } from './keyed-jitter.ts';
import type { Outcome, RejectionReason } from './outcome.ts';
import { decide } from './policy.ts';
import type { Item, Recorded, Round, Session } from './repository.ts';
import { findItemAndSession, openSession, recordRound } from './repository.ts';

export interface NegotiateInput {
  readonly itemId: string;
  /** Major units. */
  readonly bidAmount: number;
  /** ISO 4217; undefined means the item's. */
  readonly currency: string | undefined;
  readonly agentDid: string;
  readonly sessionToken: string | undefined;
}

export interface NegotiateResult {
  readonly sessionToken: string;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly currency: string;
  readonly outcome: Outcome;
}

/** Bids of one session at the same time are serialised by the database; this many may queue up. */
const MAX_ATTEMPTS = 8;

/**
 * Answers one bid and writes it down as a round of its session.
 *
 * @throws DomainError `invalid_argument` for a currency that is not the item's or decimals it does
 *   not have; `conflict` when too many bids race in one session
 */
export function negotiate(
  ctx: Context,
  input: NegotiateInput,
  signal: AbortSignal,
): Promise<NegotiateResult> {
  return events.inNegotiation(input.itemId, async () => {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const result = await answerOnce(ctx, input, signal, attempt === 1);
      if (result) return result;
    }
    throw new DomainError('conflict', 'SESSION_BUSY', 'too many bids at once in this session');
  });
}

/** @returns undefined when another bid of the session was written first */
async function answerOnce(
  ctx: Context,
  input: NegotiateInput,
  signal: AbortSignal,
  mayAskModel: boolean,
): Promise<NegotiateResult | undefined> {
  const { db, config } = ctx;
  const tokenHash = input.sessionToken === undefined ? undefined : hashToken(input.sessionToken);
  const found = await findItemAndSession(db, input.itemId, tokenHash);
  if (!found) return turnedAway(ctx, input, 'ITEM_NOT_FOUND', input.currency ?? 'USD');
  const { item, session } = found;
  const bidMinor = bidInMinor(input, item);
  const refusal = refusalOf(item, session, input);
  if (refusal) return turnedAway(ctx, input, refusal, item.currency);

  const epoch = session?.epoch ?? found.epoch;
  const terms = termsOf(item);
  const jitter = keyedJitter(config.negotiation.pricingSecret, item.id, input.agentDid, epoch);
  const haggle = session ?? { round: 0, askMinor: openingAsk(terms, jitter), bids: undefined };
  const threshold = config.negotiation.highValueThresholds.get(item.currency) ?? 0;
  const decision = decide(terms, haggle, bidMinor, jitter, threshold);

  const round = haggle.round + 1;
  let outcome: Outcome;
  let askMinor = haggle.askMinor;
  if (decision.kind === 'accepted') {
    outcome = { ...decision, reservationCode: newReservationCode() };
  } else if (decision.kind === 'countered') {
    const { move, message } = await chooseMove(mayAskModel ? ctx.haggler : undefined, signal, {
      item,
      agentDid: input.agentDid,
      round,
      rounds: terms.rounds,
      bidMinor,
      moves: decision.moves,
      last: decision.last,
    });
    askMinor = move.askMinor;
    const reason = decision.last ? 'LAST_OFFER' : 'BID_BELOW_ASK';
    outcome = { kind: 'countered', askMinor, message, reason };
  } else if (decision.kind === 'rejected') {
    outcome = { kind: 'rejected', reason: 'OFFER_TOO_LOW' };
  } else {
    outcome = { kind: 'ui_required', reason: 'a deal of this value needs a person to confirm it' };
  }

  // Nobody waits for the answer any more: nothing is promised and nothing written.
  if (signal.aborted) throw new DomainError('cancelled', 'CANCELLED', 'the caller went away');
  const deal = outcome.kind === 'accepted' ? outcome : undefined;
  const entry: Round = { round, bidMinor, outcome: outcome.kind, askMinor, deal };
  const sessionToken = input.sessionToken ?? newToken();
  const { quoteTtlSeconds } = config.negotiation;
  let recorded: Recorded | undefined;
  if (session) {
    recorded = await recordRound(db, { id: session.id, quoteTtlSeconds }, entry);
  } else {
    const opened = {
      tokenHash: hashToken(sessionToken),
      itemId: item.id,
      agentDid: input.agentDid,
    };
    recorded = await openSession(db, { ...opened, epoch, quoteTtlSeconds }, entry);
  }
  if (!recorded) return undefined;
  const { sessionId, validUntil } = recorded;
  events.negotiationAnswered(ctx.logger, { item, sessionId, round, bidMinor, outcome });
  return { sessionToken, validUntil, currency: item.currency, outcome };
}

function termsOf(item: Item): Terms {
  return {
    baseMinor: item.baseMinor,
    floorMinor: item.floorMinor,
    rounds: item.rounds ?? DEFAULT_TERMS.rounds,
    beta: item.beta ?? DEFAULT_TERMS.beta,
    bucketRatio: item.bucketRatio ?? DEFAULT_TERMS.bucketRatio,
    openingRatio: item.openingRatio ?? DEFAULT_TERMS.openingRatio,
  };
}

function bidInMinor(input: NegotiateInput, item: Item): number {
  if (input.currency !== undefined && input.currency !== item.currency) {
    const description = `must be ${item.currency}, the item's currency`;
    throw invalidArgument([{ field: 'currency_code', description }]);
  }
  const bidMinor = toMinor(input.bidAmount, item.currency);
  if (bidMinor !== undefined) return bidMinor;
  const digits = currencyDigits(item.currency);
  const description = `must have at most ${digits} decimals in ${item.currency}`;
  throw invalidArgument([{ field: 'bid_amount', description }]);
}

/** A token that is unknown, another agent's or another item's: one reason, so that it is no hint. */
function refusalOf(
  item: Item,
  session: Session | undefined,
  input: NegotiateInput,
): RejectionReason | undefined {
  if (!item.active) return 'ITEM_UNAVAILABLE';
  if (input.sessionToken === undefined) return undefined;
  if (!session || session.agentDid !== input.agentDid) return 'SESSION_INVALID';
  if (session.status !== 'open') return 'SESSION_CLOSED';
  return session.expired ? 'SESSION_EXPIRED' : undefined;
}

/** An answer that no session stands behind: its token opens nothing, the next bid starts anew. */
function turnedAway(
  ctx: Context,
  input: NegotiateInput,
  reason: RejectionReason,
  currency: string,
): NegotiateResult {
  events.negotiationTurnedAway(ctx.logger, { itemId: input.itemId, reason });
  const validUntil = Math.floor(Date.now() / 1_000) + ctx.config.negotiation.quoteTtlSeconds;
  const sessionToken = input.sessionToken ?? newToken();
  return { sessionToken, validUntil, currency, outcome: { kind: 'rejected', reason } };
}

/** 192 random bits. */
function newToken(): string {
  return `sess_${randomBytes(24).toString('base64url')}`;
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** 160 random bits in the alphabet of Crockford's base 32, which has no I, L, O or U. */
function newReservationCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const digits = Array.from(randomBytes(32), (byte) => alphabet[byte % 32]).join('');
  return `AURA-${digits.match(/.{8}/g)?.join('-')}`;
}
