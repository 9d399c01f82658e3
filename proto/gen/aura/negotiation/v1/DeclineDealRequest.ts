// Original file: aura/negotiation/v1/deal.proto


export interface DeclineDealRequest {
  'dealId'?: (string);
}

export interface DeclineDealRequest__Output {
  'dealId': (string);
}
