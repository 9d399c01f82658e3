import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import * as events from './events.ts';
import type { Deal } from './deal-repository.ts';
import { findDeal } from './deal-repository.ts';
import type { Reservation } from './reservation-repository.ts';
import { findReservation } from './reservation-repository.ts';

/**
 * Finds a reservation; the span of what is done with it links to the haggle that it came of.
 *
 * @param codeOrId the reservation's code, or its deal's id
 * @throws DomainError `not_found`
 */
export async function find(ctx: Pick<Context, 'db'>, codeOrId: string): Promise<Reservation> {
  const found = await findReservation(ctx.db, codeOrId);
  if (found) {
    events.haggleKnown(found.haggle, found.itemId);
    return found;
  }
  throw new DomainError('not_found', 'RESERVATION_NOT_FOUND', 'there is no such reservation');
}

/** Finds a deal as the seller sees it. @throws DomainError `not_found` */
export async function findForSeller(ctx: Pick<Context, 'db'>, codeOrId: string): Promise<Deal> {
  const found = await findDeal(ctx.db, codeOrId);
  if (found) return found;
  throw new DomainError('not_found', 'DEAL_NOT_FOUND', 'there is no such deal');
}
