import type { Context } from '../context.ts';
import * as events from './events.ts';
import { find } from './find.ts';
import { notWhileItIs } from './refusals.ts';
import type { Reservation } from './reservation-repository.ts';
import { confirmReservation } from './reservation-repository.ts';

/**
 * Makes a held reservation last. To confirm again changes nothing.
 *
 * @throws DomainError `not_found`; `failed_precondition` when it was released or has expired
 */
export async function confirm(
  ctx: Pick<Context, 'db' | 'logger'>,
  codeOrId: string,
): Promise<Reservation> {
  const moved = await confirmReservation(ctx.db, codeOrId);
  const reservation = await find(ctx, codeOrId);
  if (moved) events.reservationConfirmed(ctx.logger, reservation.itemId);
  if (reservation.status === 'confirmed') return reservation;
  throw notWhileItIs(reservation.status);
}
