// Original file: aura/negotiation/v1/deal.proto


export interface ApproveDealRequest {
  'dealId'?: (string);
}

export interface ApproveDealRequest__Output {
  'dealId': (string);
}
