// Original file: aura/negotiation/v1/negotiation.proto


export interface OfferAccepted {
  /**
   * The price in major units of the item's currency.
   */
  'finalPrice'?: (number | string);
  /**
   * The code is a bearer secret.
   */
  'reservationCode'?: (string);
  /**
   * The terms of the deal, signed by the seller: a compact JWS (RFC 7515). Empty where core has no key.
   */
  'receipt'?: (string);
}

export interface OfferAccepted__Output {
  /**
   * The price in major units of the item's currency.
   */
  'finalPrice': (number);
  /**
   * The code is a bearer secret.
   */
  'reservationCode': (string);
  /**
   * The terms of the deal, signed by the seller: a compact JWS (RFC 7515). Empty where core has no key.
   */
  'receipt': (string);
}
