// Original file: aura/negotiation/v1/deal.proto


export interface ConfirmDealRequest {
  /**
   * The deal's id, or its reservation code.
   */
  'dealId'?: (string);
}

export interface ConfirmDealRequest__Output {
  /**
   * The deal's id, or its reservation code.
   */
  'dealId': (string);
}
