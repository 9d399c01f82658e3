// Original file: aura/negotiation/v1/negotiation.proto

export const ReservationStatus = {
  RESERVATION_STATUS_UNSPECIFIED: 'RESERVATION_STATUS_UNSPECIFIED',
  /**
   * The reservation waits for the seller to confirm it, until `held_until_timestamp`.
   */
  RESERVATION_STATUS_HELD: 'RESERVATION_STATUS_HELD',
  /**
   * The seller has confirmed the reservation for good.
   */
  RESERVATION_STATUS_CONFIRMED: 'RESERVATION_STATUS_CONFIRMED',
  /**
   * The agent or the seller has given the reservation back.
   */
  RESERVATION_STATUS_RELEASED: 'RESERVATION_STATUS_RELEASED',
  /**
   * The reservation was not confirmed in time.
   */
  RESERVATION_STATUS_EXPIRED: 'RESERVATION_STATUS_EXPIRED',
} as const;

export type ReservationStatus =
  | 'RESERVATION_STATUS_UNSPECIFIED'
  | 0
  /**
   * The reservation waits for the seller to confirm it, until `held_until_timestamp`.
   */
  | 'RESERVATION_STATUS_HELD'
  | 1
  /**
   * The seller has confirmed the reservation for good.
   */
  | 'RESERVATION_STATUS_CONFIRMED'
  | 2
  /**
   * The agent or the seller has given the reservation back.
   */
  | 'RESERVATION_STATUS_RELEASED'
  | 3
  /**
   * The reservation was not confirmed in time.
   */
  | 'RESERVATION_STATUS_EXPIRED'
  | 4

export type ReservationStatus__Output = typeof ReservationStatus[keyof typeof ReservationStatus]
