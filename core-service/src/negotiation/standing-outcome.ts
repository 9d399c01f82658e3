import type { Agent } from './agent.ts';
import type { Outcome, RejectionReason } from './outcome.ts';
import type { Item, Session } from './repository.ts';

/** An outcome that a bid has whatever it is, and until when that holds. */
export interface Standing {
  readonly outcome: Outcome;
  /** Unix seconds; undefined for the time of a quote. */
  readonly validUntil?: number;
}

const rejected = (reason: RejectionReason): Standing => ({ outcome: { kind: 'rejected', reason } });

export const ITEM_NOT_FOUND = rejected('ITEM_NOT_FOUND');
/** The item is not on sale, or every one of it is reserved. */
export const SOLD_OUT = rejected('ITEM_UNAVAILABLE');

/**
 * The outcome that stands before the bid is looked at: there is nothing to sell, the session is not
 * the agent's or has ended, or a person has been asked and has or has not answered. A token that is
 * unknown, another agent's or another item's gets one and the same reason, so that it is no hint; so
 * does the token of an agent that signs, without its signature.
 *
 * @returns undefined when the bid has to be decided
 */
export function standingOutcome(
  { item, session }: { readonly item: Item; readonly session: Session | undefined },
  bid: Agent & { readonly sessionToken: string | undefined },
): Standing | undefined {
  const isMine = session?.agentDid === bid.agentDid && (bid.isVerified || !session.isVerified);
  if (isMine && session.status === 'approved') return approved(session);
  if (!item.active || item.soldOut) return SOLD_OUT;
  if (bid.sessionToken === undefined) return undefined;
  return isMine ? ofSession(session) : rejected('SESSION_INVALID');
}

/** The agent gets the deal that the seller approved as often as it asks. */
function approved({ deal }: Session): Standing {
  if (!deal?.standing) return rejected('SESSION_CLOSED');
  const { validUntil, standing: _, ...terms } = deal;
  return { outcome: { kind: 'accepted', ...terms }, validUntil };
}

function ofSession({ status, expired, validUntil }: Session): Standing | undefined {
  if (status === 'declined') return rejected('DEAL_DECLINED');
  if (status !== 'open' && status !== 'pending') return rejected('SESSION_CLOSED');
  if (expired) return rejected('SESSION_EXPIRED');
  return status === 'pending' ? { outcome: UI_REQUIRED, validUntil } : undefined;
}

export const UI_REQUIRED: Outcome = {
  kind: 'ui_required',
  reason: 'a deal of this value needs a person to confirm it',
};
