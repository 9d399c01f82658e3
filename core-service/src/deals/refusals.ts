/** Why something cannot be done with a deal in its present state. */
import { DomainError } from '../errors.ts';
import type { Approval } from './approval-repository.ts';
import type { Reservation } from './reservation-repository.ts';

const APPROVALS: Readonly<
  Record<Exclude<Approval, 'approved'>, { readonly reason: string; readonly message: string }>
> = {
  not_found: { reason: 'DEAL_NOT_FOUND', message: 'there is no such deal' },
  not_pending: {
    reason: 'DEAL_NOT_PENDING',
    message: 'the deal does not wait for an answer any more',
  },
  // The reason is logged, and a log must not tell on which side of a bid the floor lies.
  below_floor: {
    reason: 'DEAL_REFUSED',
    message: "the bid is below the item's floor: decline it, or lower the floor",
  },
  sold_out: { reason: 'DEAL_SOLD_OUT', message: 'all there are of the item are reserved' },
};

/** @returns the error of a bid that cannot be approved or declined */
export function cannotApprove(why: Exclude<Approval, 'approved'>): DomainError {
  const { reason, message } = APPROVALS[why];
  const kind = why === 'not_found' ? 'not_found' : 'failed_precondition';
  return new DomainError(kind, reason, message);
}

const REASONS = {
  held: 'RESERVATION_HELD',
  confirmed: 'RESERVATION_CONFIRMED',
  released: 'RESERVATION_RELEASED',
  expired: 'RESERVATION_EXPIRED',
} as const satisfies Readonly<Record<Reservation['status'], string>>;

/** @returns the error of a reservation whose state does not allow what was asked */
export function notWhileItIs(status: Reservation['status']): DomainError {
  return new DomainError('failed_precondition', REASONS[status], `the reservation is ${status}`);
}
