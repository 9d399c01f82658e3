/** The events of a deal after the haggle; each function writes the log line or marks the span. */
import type { Logger } from '../logger.ts';
import { linkTo, setAttributes } from '../telemetry/spans.ts';
import type { Haggle } from './reservation-repository.ts';

/** The haggle of a deal was found: the span names it, and leads to its last bid. */
export function haggleKnown({ sessionId, traceparent }: Haggle, itemId?: string): void {
  setAttributes({
    'aura.session.id': sessionId,
    ...(itemId !== undefined && { 'aura.item.id': itemId }),
  });
  linkTo(traceparent);
}

export function reservationReleased(logger: Logger, itemId: string): void {
  logger.info({ item_id: itemId }, 'reservation_released');
}

export function reservationConfirmed(logger: Logger, itemId: string): void {
  logger.info({ item_id: itemId }, 'reservation_confirmed');
}

export function dealApproved(logger: Logger, itemId: string): void {
  logger.info({ item_id: itemId }, 'deal_approved');
}

export function dealDeclined(logger: Logger, sessionId: string): void {
  logger.info({ session_id: sessionId }, 'deal_declined');
}
