// Original file: aura/negotiation/v1/deal.proto


export interface ReleaseDealRequest {
  /**
   * Or the reservation code.
   */
  'dealId'?: (string);
}

export interface ReleaseDealRequest__Output {
  /**
   * Or the reservation code.
   */
  'dealId': (string);
}
