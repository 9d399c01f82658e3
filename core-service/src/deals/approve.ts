import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import * as events from './events.ts';
import { newReservationCode } from './code.ts';
import { find } from './find.ts';
import type { Approval, Reservation } from './repository.ts';
import { approveDeal, declineDeal } from './repository.ts';

const REFUSALS: Readonly<Record<Exclude<Approval, 'approved'>, string>> = {
  not_found: 'there is no such deal',
  not_pending: 'the deal does not wait for an answer any more',
  below_floor: "the bid is below the item's floor: decline it, or lower the floor",
  sold_out: 'all there are of the item are reserved',
};

/**
 * Says yes to a bid that waits for a person: it becomes a reservation, which the agent gets when
 * it asks again with its session.
 *
 * @param id of the deal
 * @throws DomainError `not_found`, `failed_precondition`
 */
export async function approve(
  ctx: Pick<Context, 'db' | 'logger' | 'config'>,
  id: string,
): Promise<Reservation> {
  const { holdSeconds } = ctx.config.negotiation;
  const approval = await approveDeal(ctx.db, id, { code: newReservationCode(), holdSeconds });
  if (approval !== 'approved') throw refusal(approval);
  const reservation = await find(ctx, id);
  events.dealApproved(ctx.logger, reservation.itemId);
  return reservation;
}

/** Says no to it. @throws DomainError `failed_precondition` when no bid waits */
export async function decline(ctx: Pick<Context, 'db' | 'logger'>, id: string): Promise<void> {
  if (!(await declineDeal(ctx.db, id))) throw refusal('not_pending');
  events.dealDeclined(ctx.logger, id);
}

function refusal(why: keyof typeof REFUSALS): DomainError {
  const kind = why === 'not_found' ? 'not_found' : 'failed_precondition';
  // The reason is logged, and a log must not tell on which side of a bid the floor lies.
  const reason = why === 'below_floor' ? 'DEAL_REFUSED' : `DEAL_${why.toUpperCase()}`;
  return new DomainError(kind, reason, REFUSALS[why]);
}
