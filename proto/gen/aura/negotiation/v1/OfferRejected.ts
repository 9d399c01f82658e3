// Original file: aura/negotiation/v1/negotiation.proto


export interface OfferRejected {
  'reasonCode'?: (string);
}

export interface OfferRejected__Output {
  'reasonCode': (string);
}
