/** A decided round written down, with all that must not be there without it. */
import type { Context } from '../context.ts';
import type { Claim } from '../idempotency/repository.ts';
import { activeTraceparent } from '../telemetry/spans.ts';
import type { Agent } from './agent.ts';
import type { DecidedRound } from './decide-round.ts';
import type { Found, Item, Session } from './repository.ts';
import type { NewDeal, NotWritten, Recorded, Round } from './round-repository.ts';
import { openSession, recordRound } from './round-repository.ts';
import { hashToken } from './session-token.ts';

/** Whose round it is, and what it is written under. */
interface Bidder extends Agent {
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
  const round = toRound(ctx, bidder, { item, session }, decided);
  if (session) return recordRound(ctx.db, { id: session.id, itemId: item.id }, round);
  const { token, agentDid, isVerified } = bidder;
  const whose = { tokenHash: hashToken(token), itemId: item.id, agentDid, isVerified };
  const { maxOpenSessions } = ctx.config.negotiation;
  const limit = maxOpenSessions !== undefined && { maxOpenSessions };
  const opened = { ...whose, epoch: decided.epoch, ...limit };
  return openSession(ctx.db, opened, round);
}

function toRound(
  ctx: Context,
  { claim, isVerified }: Bidder,
  { item, session }: Pick<Found, 'item' | 'session'>,
  { round, bidMinor, askMinor, outcome, strategy, words }: DecidedRound,
): Round {
  const { currency, quantity } = item;
  const { quoteTtlSeconds, approvalTtlSeconds, holdSeconds } = ctx.config.negotiation;
  return {
    round,
    bidMinor,
    askMinor,
    outcome: outcome.kind,
    traceparent: activeTraceparent(),
    reasons: { strategy, words, isVerified, terms: item.terms },
    ttlSeconds: outcome.kind === 'ui_required' ? approvalTtlSeconds : quoteTtlSeconds,
    deal:
      outcome.kind === 'accepted'
        ? { ...outcome, currency, quantity, holdSeconds, ...ceilingOf(item, session, outcome) }
        : undefined,
    under: claim && { claim, answer: { currency, outcome, round } },
  };
}

/** An ask that was given is kept, whatever the deals of the day have conceded since. */
function ceilingOf(
  { controls, terms }: Item,
  session: Session | undefined,
  { finalMinor }: { readonly finalMinor: number },
): Pick<NewDeal, 'ceiling'> {
  if (controls.concessionLeftMinor === null) return {};
  const isPromised = session !== undefined && finalMinor >= session.askMinor;
  return { ceiling: { concededMinor: terms.baseMinor - finalMinor, isPromised } };
}
