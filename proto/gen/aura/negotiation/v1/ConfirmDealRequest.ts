// Original file: aura/negotiation/v1/deal.proto


export interface ConfirmDealRequest {
  /**
   * Or the reservation code.
   */
  'dealId'?: (string);
}

export interface ConfirmDealRequest__Output {
  /**
   * Or the reservation code.
   */
  'dealId': (string);
}
