// Original file: aura/negotiation/v1/inventory.proto


/**
 * A field that an import leaves absent or empty stays as it is; a new item gets the default.
 */
export interface InventoryItem {
  /**
   * The id matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId'?: (string);
  /**
   * The name has at most 200 characters.
   */
  'name'?: (string);
  /**
   * The description has at most 5000 characters.
   */
  'description'?: (string);
  /**
   * The list price in major units is a decimal such as "1234.50".
   */
  'price'?: (string);
  /**
   * The item may go for no less than the floor, which no buyer learns.
   */
  'floor'?: (string);
  /**
   * The ISO 4217 code of price and floor.
   */
  'currencyCode'?: (string);
  /**
   * At most this many may be reserved at a time; by default there is no limit.
   */
  'quantity'?: (number);
  /**
   * The attributes are a JSON object of texts, numbers, true or false, or lists of these.
   */
  'attributesJson'?: (string);
  /**
   * The language of the texts is an ISO 639-1 code or "und"; by default it is "en".
   */
  'language'?: (string);
  /**
   * The item is on sale; by default it is.
   */
  'active'?: (boolean);
  /**
   * The next four say how the item haggles, where that differs from the defaults.
   */
  'rounds'?: (number);
  'beta'?: (number | string);
  'bucketRatio'?: (number | string);
  'openingRatio'?: (number | string);
  /**
   * These fields go back to their defaults: quantity, and those that say how the item haggles.
   */
  'cleared'?: (string)[];
  /**
   * The next ones say how the item haggles, too.
   * A deal keeps at least this share of price − floor, 0 to 1, and at least this amount above the
   * floor, a decimal in major units.
   */
  'margin'?: (number | string);
  'marginAmount'?: (string);
  /**
   * No discount from the list price is greater than this share of it, 0 to 1.
   */
  'discountCap'?: (number | string);
  /**
   * The deals of one day, in UTC, concede no more than this of the list price in all.
   */
  'dailyConcession'?: (string);
  /**
   * A deal above this amount waits for a person; 0 is every deal.
   */
  'draftAbove'?: (string);
  /**
   * A bid above this amount waits for a person, in the place of the currency's threshold.
   */
  'highValue'?: (string);
  /**
   * Buyers are told how many more counter-offers there can be; by default they are not.
   */
  'tellsRounds'?: (boolean);
  /**
   * Asks are rounded up to prices that end so: "any", ".99", ".00", or "5" for multiples of 5.
   */
  'priceEnding'?: (string);
  '_quantity'?: "quantity";
  '_active'?: "active";
  '_rounds'?: "rounds";
  '_beta'?: "beta";
  '_bucketRatio'?: "bucketRatio";
  '_openingRatio'?: "openingRatio";
  '_margin'?: "margin";
  '_marginAmount'?: "marginAmount";
  '_discountCap'?: "discountCap";
  '_dailyConcession'?: "dailyConcession";
  '_draftAbove'?: "draftAbove";
  '_highValue'?: "highValue";
  '_tellsRounds'?: "tellsRounds";
  '_priceEnding'?: "priceEnding";
}

/**
 * A field that an import leaves absent or empty stays as it is; a new item gets the default.
 */
export interface InventoryItem__Output {
  /**
   * The id matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId': (string);
  /**
   * The name has at most 200 characters.
   */
  'name': (string);
  /**
   * The description has at most 5000 characters.
   */
  'description': (string);
  /**
   * The list price in major units is a decimal such as "1234.50".
   */
  'price': (string);
  /**
   * The item may go for no less than the floor, which no buyer learns.
   */
  'floor': (string);
  /**
   * The ISO 4217 code of price and floor.
   */
  'currencyCode': (string);
  /**
   * At most this many may be reserved at a time; by default there is no limit.
   */
  'quantity'?: (number);
  /**
   * The attributes are a JSON object of texts, numbers, true or false, or lists of these.
   */
  'attributesJson': (string);
  /**
   * The language of the texts is an ISO 639-1 code or "und"; by default it is "en".
   */
  'language': (string);
  /**
   * The item is on sale; by default it is.
   */
  'active'?: (boolean);
  /**
   * The next four say how the item haggles, where that differs from the defaults.
   */
  'rounds'?: (number);
  'beta'?: (number);
  'bucketRatio'?: (number);
  'openingRatio'?: (number);
  /**
   * These fields go back to their defaults: quantity, and those that say how the item haggles.
   */
  'cleared': (string)[];
  /**
   * The next ones say how the item haggles, too.
   * A deal keeps at least this share of price − floor, 0 to 1, and at least this amount above the
   * floor, a decimal in major units.
   */
  'margin'?: (number);
  'marginAmount'?: (string);
  /**
   * No discount from the list price is greater than this share of it, 0 to 1.
   */
  'discountCap'?: (number);
  /**
   * The deals of one day, in UTC, concede no more than this of the list price in all.
   */
  'dailyConcession'?: (string);
  /**
   * A deal above this amount waits for a person; 0 is every deal.
   */
  'draftAbove'?: (string);
  /**
   * A bid above this amount waits for a person, in the place of the currency's threshold.
   */
  'highValue'?: (string);
  /**
   * Buyers are told how many more counter-offers there can be; by default they are not.
   */
  'tellsRounds'?: (boolean);
  /**
   * Asks are rounded up to prices that end so: "any", ".99", ".00", or "5" for multiples of 5.
   */
  'priceEnding'?: (string);
  '_quantity'?: "quantity";
  '_active'?: "active";
  '_rounds'?: "rounds";
  '_beta'?: "beta";
  '_bucketRatio'?: "bucketRatio";
  '_openingRatio'?: "openingRatio";
  '_margin'?: "margin";
  '_marginAmount'?: "marginAmount";
  '_discountCap'?: "discountCap";
  '_dailyConcession'?: "dailyConcession";
  '_draftAbove'?: "draftAbove";
  '_highValue'?: "highValue";
  '_tellsRounds'?: "tellsRounds";
  '_priceEnding'?: "priceEnding";
}
