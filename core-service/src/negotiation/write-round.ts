/** A decided round written down, with all that must not be there without it. */
import type { Context } from '../context.ts';
import type { Claim } from '../idempotency/repository.ts';
import type { DecidedRound } from './decide-round.ts';
import type { Found, Item } from './repository.ts';
import type { NotWritten, Recorded, Round } from './round-repository.ts';
import { openSession, recordRound } from './round-repository.ts';
import { hashToken } from './session-token.ts';

/** Whose round it is, and what it is written under. */
interface Bidder {
  readonly agentDid: string;
  /** The session's, of which only the hash is kept. */
  readonly token: string;
  readonly claim: Claim | undefined;
}

/** Writes a round of the bidder's session, or opens the session with it. */
export function writeRound(
  ctx: Context,
  bidder: Bidder,
  { item, session }: Found,
  decided: DecidedRound,
): Promise<Recorded | NotWritten> {
  const round = toRound(ctx, bidder, item, decided);
  if (session) return recordRound(ctx.db, { id: session.id, itemId: item.id }, round);
  const { token, agentDid } = bidder;
  const opened = { tokenHash: hashToken(token), itemId: item.id, agentDid, epoch: decided.epoch };
  return openSession(ctx.db, opened, round);
}

function toRound(
  ctx: Context,
  { claim }: Bidder,
  { currency, quantity }: Item,
  { round, bidMinor, askMinor, outcome }: DecidedRound,
): Round {
  const { quoteTtlSeconds, approvalTtlSeconds, holdSeconds } = ctx.config.negotiation;
  return {
    round,
    bidMinor,
    askMinor,
    outcome: outcome.kind,
    ttlSeconds: outcome.kind === 'ui_required' ? approvalTtlSeconds : quoteTtlSeconds,
    deal: outcome.kind === 'accepted' ? { ...outcome, currency, quantity, holdSeconds } : undefined,
    under: claim && { claim, answer: { currency, outcome } },
  };
}
