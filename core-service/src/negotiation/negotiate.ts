import type { Context } from '../context.ts';
import { DomainError, invalidArgument } from '../errors.ts';
import * as events from '../events.ts';
import { keyInUse, once } from '../idempotency/once.ts';
import type { Claim } from '../idempotency/repository.ts';
import { answerKey } from '../idempotency/repository.ts';
import { currencyDigits, toMinor } from '../money.ts';
import type { Call } from '../request-scope.ts';
import { newReservationCode } from '../deals/code.ts';
import { openingAsk } from './asks.ts';
import { chooseMove } from './choose-move.ts';
import { keyedJitter } from './keyed-jitter.ts';
import type { Outcome } from './outcome.ts';
import { decide } from './decide.ts';
import type { Item } from './repository.ts';
import { findItemAndSession } from './repository.ts';
import type { Recorded, Round } from './round-repository.ts';
import { openSession, recordRound, SoldOutError } from './round-repository.ts';
import { derivedToken, hashToken, newToken } from './session-token.ts';
import type { Standing } from './standing-outcome.ts';
import { standingOutcome, UI_REQUIRED } from './standing-outcome.ts';

export interface NegotiateInput {
  /** The idempotency key; undefined without one. */
  readonly requestId: string | undefined;
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

/** A bid under way, with what its answers are written under. */
interface Bid extends NegotiateInput {
  readonly claim: Claim | undefined;
  /** The caller's, or the one of a new haggle. */
  readonly token: string;
}

/** Bids of one session at the same time are serialised by the database; this many may queue up. */
const MAX_ATTEMPTS = 8;

/**
 * Answers one bid and writes it down as a round of its session.
 *
 * @throws DomainError `invalid_argument` for a currency that is not the item's or decimals it does
 *   not have; `conflict` when too many bids race in one session; what `once` throws
 */
export function negotiate(
  ctx: Context,
  input: NegotiateInput,
  call: Call,
): Promise<NegotiateResult> {
  const { itemId, bidAmount, currency, sessionToken } = input;
  const { pricingSecret } = ctx.config.negotiation;
  const payload = [itemId, bidAmount, currency ?? null, sessionToken ?? null];
  return events.inNegotiation(itemId, () =>
    once(
      ctx,
      { ...input, payload },
      call,
      (claim) => {
        const token = claim ? derivedToken(pricingSecret, claim.owner) : newToken();
        return answer(ctx, { ...input, claim, token: sessionToken ?? token }, call);
      },
      ({ answer: stored, validUntil, owner }) => ({
        ...(stored as Pick<NegotiateResult, 'currency' | 'outcome'>),
        sessionToken: sessionToken ?? derivedToken(pricingSecret, owner),
        validUntil,
      }),
    ),
  );
}

async function answer(ctx: Context, bid: Bid, { signal }: Call): Promise<NegotiateResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const result = await answerOnce(ctx, bid, signal, attempt === 1);
    if (result) return result;
  }
  throw new DomainError('conflict', 'SESSION_BUSY', 'too many bids at once in this session');
}

/** @returns undefined when another bid of the session was written first */
async function answerOnce(
  ctx: Context,
  bid: Bid,
  signal: AbortSignal,
  mayAskModel: boolean,
): Promise<NegotiateResult | undefined> {
  const tokenHash = bid.sessionToken === undefined ? undefined : hashToken(bid.sessionToken);
  const found = await findItemAndSession(ctx.db, bid.itemId, tokenHash);
  const bidMinor = found ? bidInMinor(bid, found.item) : 0;
  const standing = standingOutcome(found, bid);
  if (standing || !found) return await withoutRound(ctx, bid, found?.item, standing ?? SOLD_OUT);
  const { item, session } = found;

  const { terms } = item;
  const epoch = session?.epoch ?? found.epoch;
  const { pricingSecret, highValueThresholds } = ctx.config.negotiation;
  const jitter = keyedJitter(pricingSecret, item.id, bid.agentDid, epoch);
  const haggle = session ?? { askMinor: openingAsk(terms, jitter), bids: [] };
  const threshold = highValueThresholds.get(item.currency) ?? 0;
  const decision = decide(terms, haggle, bidMinor, jitter, threshold);

  const round = haggle.bids.length + 1;
  let outcome: Outcome;
  let askMinor = haggle.askMinor;
  if (decision.kind === 'accepted') {
    outcome = { ...decision, reservationCode: newReservationCode() };
  } else if (decision.kind === 'countered') {
    const { move, message } = await chooseMove(mayAskModel ? ctx.haggler : undefined, signal, {
      item,
      agentDid: bid.agentDid,
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
    outcome = UI_REQUIRED;
  }

  // Nobody waits for the answer any more: nothing is promised and nothing written.
  if (signal.aborted) throw new DomainError('cancelled', 'CANCELLED', 'the caller went away');
  let recorded: Recorded | undefined;
  try {
    const entry = toRound(ctx, bid, item, { round, bidMinor, askMinor, outcome });
    const { token, agentDid } = bid;
    recorded = session
      ? await recordRound(ctx.db, { id: session.id, itemId: item.id }, entry)
      : await openSession(
          ctx.db,
          { tokenHash: hashToken(token), itemId: item.id, agentDid, epoch },
          entry,
        );
  } catch (error) {
    if (error instanceof SoldOutError) return await withoutRound(ctx, bid, item, SOLD_OUT);
    throw error;
  }
  if (!recorded) return undefined;
  const { sessionId, validUntil } = recorded;
  events.negotiationAnswered(ctx.logger, { item, sessionId, round, bidMinor, outcome });
  return { sessionToken: bid.token, validUntil, currency: item.currency, outcome };
}

const SOLD_OUT: Standing = { outcome: { kind: 'rejected', reason: 'ITEM_UNAVAILABLE' } };

function toRound(
  ctx: Context,
  { claim }: Bid,
  { currency, quantity }: Item,
  decided: Pick<Round, 'round' | 'bidMinor' | 'askMinor'> & { readonly outcome: Outcome },
): Round {
  const { quoteTtlSeconds, approvalTtlSeconds, holdSeconds } = ctx.config.negotiation;
  const { outcome } = decided;
  return {
    ...decided,
    outcome: outcome.kind,
    ttlSeconds: outcome.kind === 'ui_required' ? approvalTtlSeconds : quoteTtlSeconds,
    deal: outcome.kind === 'accepted' ? { ...outcome, currency, quantity, holdSeconds } : undefined,
    under: claim && { claim, answer: { currency, outcome } },
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

/** Answers what stands whatever is bid: no round is written. */
async function withoutRound(
  ctx: Context,
  bid: Bid,
  item: Item | undefined,
  { outcome, validUntil: until }: Standing,
): Promise<NegotiateResult> {
  const currency = item?.currency ?? bid.currency ?? 'USD';
  const quoteEnd = Math.floor(Date.now() / 1_000) + ctx.config.negotiation.quoteTtlSeconds;
  const validUntil = until ?? quoteEnd;
  const stored = { answer: { currency, outcome }, validUntil };
  // Another one has taken the key over: what it answers is the answer.
  if (bid.claim && !(await answerKey(ctx.db, bid.claim, stored))) throw keyInUse();
  events.negotiationStands(ctx.logger, { itemId: bid.itemId, outcome });
  return { sessionToken: bid.token, validUntil, currency, outcome };
}
