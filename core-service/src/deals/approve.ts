import type { Context } from '../context.ts';
import { approveDeal, declineDeal } from './approval-repository.ts';
import { newReservationCode } from './code.ts';
import * as events from './events.ts';
import { find } from './find.ts';
import type { DealTerms } from './receipt.ts';
import { signReceipt } from './receipt.ts';
import { cannotApprove } from './refusals.ts';
import type { Reservation } from './reservation-repository.ts';

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
  const sign = (terms: DealTerms) => signReceipt(ctx.config.receiptKeys, terms);
  const reserved = { code: newReservationCode(), holdSeconds, sign };
  const approval = await approveDeal(ctx.db, id, reserved);
  if (approval !== 'approved') throw cannotApprove(approval);
  const reservation = await find(ctx, id);
  events.dealApproved(ctx.logger, reservation.itemId);
  return reservation;
}

/** Says no to it. @throws DomainError `failed_precondition` when no bid waits */
export async function decline(ctx: Pick<Context, 'db' | 'logger'>, id: string): Promise<void> {
  const haggle = await declineDeal(ctx.db, id);
  if (!haggle) throw cannotApprove('not_pending');
  events.haggleKnown(haggle);
  events.dealDeclined(ctx.logger, id);
}
