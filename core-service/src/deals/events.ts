/** The events of a deal after the haggle; each function writes the log line. */
import type { Logger } from '../logger.ts';

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
