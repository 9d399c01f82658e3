// Original file: aura/negotiation/v1/deal.proto

export const DealStatus = {
  DEAL_STATUS_UNSPECIFIED: 'DEAL_STATUS_UNSPECIFIED',
  /**
   * A bid waits for a person.
   */
  DEAL_STATUS_PENDING: 'DEAL_STATUS_PENDING',
  DEAL_STATUS_DECLINED: 'DEAL_STATUS_DECLINED',
  DEAL_STATUS_HELD: 'DEAL_STATUS_HELD',
  DEAL_STATUS_CONFIRMED: 'DEAL_STATUS_CONFIRMED',
  DEAL_STATUS_RELEASED: 'DEAL_STATUS_RELEASED',
  /**
   * Not confirmed, or not answered, in time.
   */
  DEAL_STATUS_EXPIRED: 'DEAL_STATUS_EXPIRED',
} as const;

export type DealStatus =
  | 'DEAL_STATUS_UNSPECIFIED'
  | 0
  /**
   * A bid waits for a person.
   */
  | 'DEAL_STATUS_PENDING'
  | 1
  | 'DEAL_STATUS_DECLINED'
  | 2
  | 'DEAL_STATUS_HELD'
  | 3
  | 'DEAL_STATUS_CONFIRMED'
  | 4
  | 'DEAL_STATUS_RELEASED'
  | 5
  /**
   * Not confirmed, or not answered, in time.
   */
  | 'DEAL_STATUS_EXPIRED'
  | 6

export type DealStatus__Output = typeof DealStatus[keyof typeof DealStatus]
