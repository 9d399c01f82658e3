import type { Context } from '../context.ts';
import { callerGone, DomainError, invalidArgument } from '../errors.ts';
import { claimOrAnswer, keyInUse, letGo } from '../idempotency/claim.ts';
import type { Claim } from '../idempotency/repository.ts';
import { answerKey } from '../idempotency/repository.ts';
import { currencyDigits, toMinor } from '../money.ts';
import type { Call } from '../request-scope.ts';
import { inSpan } from '../telemetry/spans.ts';
import type { Agent } from './agent.ts';
import { decideRound } from './decide-round.ts';
import * as events from './events.ts';
import { findFacts, tooManySessions } from './find-facts.ts';
import type { Outcome } from './outcome.ts';
import type { Found, Item } from './repository.ts';
import { derivedToken, newToken } from './session-token.ts';
import type { Standing } from './standing-outcome.ts';
import { ITEM_NOT_FOUND, SOLD_OUT, standingOutcome } from './standing-outcome.ts';
import { writeRound } from './write-round.ts';

export interface NegotiateInput extends Agent {
  /** Undefined without one. */
  readonly idempotencyKey: string | undefined;
  readonly itemId: string;
  /** Major units. */
  readonly bidAmount: number;
  /** ISO 4217; undefined means the item's. */
  readonly currency: string | undefined;
  readonly sessionToken: string | undefined;
}

export interface NegotiateResult {
  readonly sessionToken: string;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly currency: string;
  readonly outcome: Outcome;
  /** The session's, which is no secret, for the traces of whoever asked; undefined where none is known. */
  readonly sessionId?: string;
  /** The rounds of the session so far, this bid included where it was one. */
  readonly round?: number;
}

/** A bid under way, with what its answers are written under. */
interface Bid extends NegotiateInput {
  readonly claim: Claim | undefined;
  /** The caller's, or the one of a new haggle. */
  readonly token: string;
}

/** The database serialises the bids of one session; a bid that lost this many races is a conflict. */
const MAX_ATTEMPTS = 8;

/**
 * Answers one bid and writes it down as a round of its session; under an idempotency key, once.
 *
 * @throws DomainError `invalid_argument` for a currency that is not the item's or decimals it does
 *   not have; `conflict` when too many bids race in one session; `quota_exceeded` for a first bid of an
 *   agent that has as many open sessions of the item as it may; SIGNATURE_REPLAYED
 *   for a copy of a signed one; what `claimOrAnswer` throws
 */
export function negotiate(
  ctx: Context,
  input: NegotiateInput,
  call: Call,
): Promise<NegotiateResult> {
  const attributes = {
    'aura.item.id': input.itemId,
    'aura.agent.verified': input.isVerified,
  };
  return inSpan('negotiation.negotiate', attributes, async () => {
    const { idempotencyKey: key, sessionToken } = input;
    if (key === undefined) {
      return await settle(
        ctx,
        { ...input, claim: undefined, token: sessionToken ?? newToken() },
        call,
      );
    }

    const { pricingSecret } = ctx.config.negotiation;
    const request = { agentDid: input.agentDid, key, payload: payloadOf(input) };
    // A signature is used up by the first statement that the bid needs anyway.
    const claimed = await claimOrAnswer(ctx, request, call);
    if ('answered' in claimed) {
      const { answer, validUntil, owner } = claimed.answered;
      events.answerStood(answer as StoredAnswer);
      const token = sessionToken ?? derivedToken(pricingSecret, owner);
      return { ...(answer as StoredAnswer), sessionToken: token, validUntil };
    }

    const { claim } = claimed;
    const token = sessionToken ?? derivedToken(pricingSecret, claim.owner);
    try {
      return await settle(ctx, { ...input, claim, token }, { ...call, signature: undefined });
    } catch (error) {
      await letGo(ctx, claim);
      throw error;
    }
  });
}

/** The part of an answer that is kept under an idempotency key; tokens are no part of it. */
type StoredAnswer = Pick<NegotiateResult, 'currency' | 'outcome' | 'sessionId' | 'round'>;

/** The values that make a bid the same bid when it is repeated; nobody is told what a signed one was answered. */
function payloadOf(input: NegotiateInput): unknown[] {
  const { itemId, bidAmount, currency, sessionToken, isVerified } = input;
  const values = [itemId, bidAmount, currency ?? null, sessionToken ?? null];
  return isVerified ? [...values, 'signed'] : values;
}

/** Reads, decides and writes, and does so again when another bid of the session was written first. */
async function settle(ctx: Context, bid: Bid, call: Call): Promise<NegotiateResult> {
  const { signal } = call;
  // The model is asked once; a bid that lost a race gets the policy's own words.
  let { chat } = ctx;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++, chat = undefined) {
    const found = await findFacts(ctx, bid, attempt === 1 ? call.signature : undefined);
    if (!found) return await answerStanding(ctx, bid, undefined, ITEM_NOT_FOUND);
    const { item, session } = found;
    const mine = session?.agentDid === bid.agentDid ? session : undefined;
    if (mine && attempt === 1) events.haggleGoesOn(mine);
    const bidMinor = bidInMinor(bid, item);
    const standing = standingOutcome(found, bid);
    if (standing) return await answerStanding(ctx, bid, found, standing);
    if (found.openableInSeconds) throw tooManySessions(ctx, bid, found.openableInSeconds);

    const decided = await decideRound({ ...ctx, chat }, found, bid, bidMinor, signal);
    // Nobody waits for the answer any more: nothing is promised and nothing written.
    if (signal.aborted) throw callerGone();
    const written = await writeRound(ctx, bid, found, decided);
    if (written === 'sold_out') return await answerStanding(ctx, bid, found, SOLD_OUT);
    if (written === 'lost_race') continue;

    const { sessionId, validUntil } = written;
    const { round, outcome } = decided;
    const { isVerified } = bid;
    events.negotiationAnswered(ctx.logger, { ...decided, item, sessionId, isVerified });
    const { currency } = item;
    return { sessionToken: bid.token, validUntil, currency, outcome, sessionId, round };
  }
  throw new DomainError('conflict', 'SESSION_BUSY', 'too many bids at once in this session');
}

function bidInMinor(bid: NegotiateInput, item: Item): number {
  if (bid.currency !== undefined && bid.currency !== item.currency) {
    const description = `must be ${item.currency}, the item's currency`;
    throw invalidArgument([{ field: 'currency_code', description }]);
  }
  const bidMinor = toMinor(bid.bidAmount, item.currency);
  if (bidMinor !== undefined) return bidMinor;
  const digits = currencyDigits(item.currency);
  const description = `must have at most ${digits} decimals in ${item.currency}`;
  throw invalidArgument([{ field: 'bid_amount', description }]);
}

/** Answers what stands whatever is bid: no round is written. */
async function answerStanding(
  ctx: Context,
  bid: Bid,
  found: Found | undefined,
  { outcome, validUntil: until }: Standing,
): Promise<NegotiateResult> {
  const currency = found?.item.currency ?? bid.currency ?? 'USD';
  const quoteEnd = Math.floor(Date.now() / 1_000) + ctx.config.negotiation.quoteTtlSeconds;
  const validUntil = until ?? quoteEnd;
  const session = found?.session?.agentDid === bid.agentDid ? found.session : undefined;
  const known = session && { sessionId: session.id, round: session.round };
  const stored = { answer: { currency, outcome, ...known } satisfies StoredAnswer, validUntil };
  // Another one has taken the key over: what it answers is the answer.
  if (bid.claim && !(await answerKey(ctx.db, bid.claim, stored))) throw keyInUse();
  events.negotiationStands(ctx.logger, { itemId: bid.itemId, outcome });
  return { sessionToken: bid.token, validUntil, currency, outcome, ...known };
}
