// Original file: aura/negotiation/v1/negotiation.proto


export interface OfferCountered {
  /**
   * The price in major units of the item's currency; a bid of this amount is accepted while the
   * quote stands.
   */
  'proposedPrice'?: (number | string);
  'reasonCode'?: (string);
  'humanMessage'?: (string);
  /**
   * So many more counter-offers there can be, none after the last offer; present where the seller
   * of the item tells it.
   */
  'roundsLeft'?: (number);
  '_roundsLeft'?: "roundsLeft";
}

export interface OfferCountered__Output {
  /**
   * The price in major units of the item's currency; a bid of this amount is accepted while the
   * quote stands.
   */
  'proposedPrice': (number);
  'reasonCode': (string);
  'humanMessage': (string);
  /**
   * So many more counter-offers there can be, none after the last offer; present where the seller
   * of the item tells it.
   */
  'roundsLeft'?: (number);
  '_roundsLeft'?: "roundsLeft";
}
