/** What a bid is decided on, looked up; and the refusal of an agent that has too many haggles open. */
import { copied } from '../agents/use-signature.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { VerifiedSignature } from '../request-scope.ts';
import type { Agent } from './agent.ts';
import * as events from './events.ts';
import type { Found } from './repository.ts';
import { findItemAndSession } from './repository.ts';
import { hashToken } from './session-token.ts';

interface Bid extends Agent {
  readonly itemId: string;
  /** Undefined for a new haggle. */
  readonly sessionToken: string | undefined;
}

/**
 * Looks up the item and the session of a bid.
 *
 * @param signature of the bid, which is used up; undefined where that was done before
 * @returns undefined where there is no such item
 * @throws DomainError `unauthenticated` SIGNATURE_REPLAYED for a copy of a signed bid
 */
export async function findFacts(
  { db, config, logger }: Context,
  { itemId, sessionToken, agentDid, isVerified }: Bid,
  signature: VerifiedSignature | undefined,
): Promise<Found | undefined> {
  const { maxOpenSessions, haggling: defaults } = config.negotiation;
  const isLimited = maxOpenSessions !== undefined && sessionToken === undefined;
  const limit = isLimited ? { agentDid, isVerified, maxOpenSessions } : undefined;
  const tokenHash = sessionToken === undefined ? undefined : hashToken(sessionToken);
  const found = await findItemAndSession(db, { itemId, tokenHash, signature, limit, defaults });
  if (found === 'copied') throw copied(logger);
  return found;
}

/** Tells of a first bid that is refused. @returns what it is refused with */
export function tooManySessions(
  { config, logger }: Context,
  { itemId }: Bid,
  retryAfterSeconds: number,
): DomainError {
  events.sessionLimitReached(logger, itemId);
  const { maxOpenSessions } = config.negotiation;
  const message = `an agent may have ${maxOpenSessions} haggles open of one item; go on with one of them by its session_token`;
  return new DomainError('quota_exceeded', 'TOO_MANY_OPEN_SESSIONS', message, {
    retryAfterSeconds,
  });
}
