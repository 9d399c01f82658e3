import type { Context } from '../context.ts';
import * as events from './events.ts';
import { find } from './find.ts';
import { notWhileItIs } from './refusals.ts';
import type { Reservation } from './reservation-repository.ts';
import { giveBackReservation } from './reservation-repository.ts';

/**
 * Gives back what was reserved. An agent may do so while it is held, the seller also when it was
 * confirmed. To release again changes nothing.
 *
 * @throws DomainError `not_found`; `failed_precondition` when it has expired, or was confirmed and
 *   `by` is the agent
 */
export async function release(
  ctx: Pick<Context, 'db' | 'logger'>,
  codeOrId: string,
  by: 'agent' | 'seller',
): Promise<Reservation> {
  const from = by === 'agent' ? 'held' : 'active';
  const moved = await giveBackReservation(ctx.db, codeOrId, from);
  const reservation = await find(ctx, codeOrId);
  if (moved) events.reservationReleased(ctx.logger, reservation.itemId);
  if (reservation.status === 'released') return reservation;
  throw notWhileItIs(reservation.status);
}
