// Original file: aura/negotiation/v1/deal.proto


export interface ReleaseDealRequest {
  /**
   * The deal's id, or its reservation code.
   */
  'dealId'?: (string);
}

export interface ReleaseDealRequest__Output {
  /**
   * The deal's id, or its reservation code.
   */
  'dealId': (string);
}
