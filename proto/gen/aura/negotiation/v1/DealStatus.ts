// Original file: aura/negotiation/v1/deal.proto

export const DealStatus = {
  DEAL_STATUS_UNSPECIFIED: 'DEAL_STATUS_UNSPECIFIED',
  /**
   * A bid waits for a person.
   */
  DEAL_STATUS_PENDING: 'DEAL_STATUS_PENDING',
  /**
   * A person has declined the bid.
   */
  DEAL_STATUS_DECLINED: 'DEAL_STATUS_DECLINED',
  /**
   * The reservation waits for the seller to confirm it.
   */
  DEAL_STATUS_HELD: 'DEAL_STATUS_HELD',
  /**
   * The seller has confirmed the reservation for good.
   */
  DEAL_STATUS_CONFIRMED: 'DEAL_STATUS_CONFIRMED',
  /**
   * The agent or the seller has given the reservation back.
   */
  DEAL_STATUS_RELEASED: 'DEAL_STATUS_RELEASED',
  /**
   * The reservation was not confirmed, or the bid not answered, in time.
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
  /**
   * A person has declined the bid.
   */
  | 'DEAL_STATUS_DECLINED'
  | 2
  /**
   * The reservation waits for the seller to confirm it.
   */
  | 'DEAL_STATUS_HELD'
  | 3
  /**
   * The seller has confirmed the reservation for good.
   */
  | 'DEAL_STATUS_CONFIRMED'
  | 4
  /**
   * The agent or the seller has given the reservation back.
   */
  | 'DEAL_STATUS_RELEASED'
  | 5
  /**
   * The reservation was not confirmed, or the bid not answered, in time.
   */
  | 'DEAL_STATUS_EXPIRED'
  | 6

export type DealStatus__Output = typeof DealStatus[keyof typeof DealStatus]
