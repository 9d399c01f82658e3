// Original file: aura/negotiation/v1/negotiation.proto

export const ReservationStatus = {
  RESERVATION_STATUS_UNSPECIFIED: 'RESERVATION_STATUS_UNSPECIFIED',
  /**
   * Until `held_until_timestamp`.
   */
  RESERVATION_STATUS_HELD: 'RESERVATION_STATUS_HELD',
  /**
   * For good.
   */
  RESERVATION_STATUS_CONFIRMED: 'RESERVATION_STATUS_CONFIRMED',
  RESERVATION_STATUS_RELEASED: 'RESERVATION_STATUS_RELEASED',
  /**
   * Was not confirmed in time.
   */
  RESERVATION_STATUS_EXPIRED: 'RESERVATION_STATUS_EXPIRED',
} as const;

export type ReservationStatus =
  | 'RESERVATION_STATUS_UNSPECIFIED'
  | 0
  /**
   * Until `held_until_timestamp`.
   */
  | 'RESERVATION_STATUS_HELD'
  | 1
  /**
   * For good.
   */
  | 'RESERVATION_STATUS_CONFIRMED'
  | 2
  | 'RESERVATION_STATUS_RELEASED'
  | 3
  /**
   * Was not confirmed in time.
   */
  | 'RESERVATION_STATUS_EXPIRED'
  | 4

export type ReservationStatus__Output = typeof ReservationStatus[keyof typeof ReservationStatus]
