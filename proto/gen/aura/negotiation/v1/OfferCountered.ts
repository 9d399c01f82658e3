// Original file: aura/negotiation/v1/negotiation.proto


export interface OfferCountered {
  /**
   * Major units of the item's currency; a bid of this amount is accepted while the quote is valid.
   */
  'proposedPrice'?: (number | string);
  'reasonCode'?: (string);
  'humanMessage'?: (string);
}

export interface OfferCountered__Output {
  /**
   * Major units of the item's currency; a bid of this amount is accepted while the quote is valid.
   */
  'proposedPrice': (number);
  'reasonCode': (string);
  'humanMessage': (string);
}
