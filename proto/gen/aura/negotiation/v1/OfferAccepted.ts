// Original file: aura/negotiation/v1/negotiation.proto


export interface OfferAccepted {
  /**
   * Major units of the item's currency.
   */
  'finalPrice'?: (number | string);
  /**
   * A bearer secret.
   */
  'reservationCode'?: (string);
}

export interface OfferAccepted__Output {
  /**
   * Major units of the item's currency.
   */
  'finalPrice': (number);
  /**
   * A bearer secret.
   */
  'reservationCode': (string);
}
