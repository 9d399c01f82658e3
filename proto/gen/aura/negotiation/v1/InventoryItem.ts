// Original file: aura/negotiation/v1/inventory.proto


/**
 * What is absent or empty in an import stays as it is; of a new item it is the default.
 */
export interface InventoryItem {
  /**
   * Matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId'?: (string);
  /**
   * At most 200 characters.
   */
  'name'?: (string);
  /**
   * At most 5000 characters.
   */
  'description'?: (string);
  /**
   * Major units, as a decimal such as "1234.50".
   */
  'price'?: (string);
  /**
   * The lowest price it may go for, which no buyer learns.
   */
  'floor'?: (string);
  /**
   * ISO 4217.
   */
  'currencyCode'?: (string);
  /**
   * How many may be reserved at a time; by default there is no limit.
   */
  'quantity'?: (number);
  /**
   * A JSON object of texts, numbers, true or false, or lists of these.
   */
  'attributesJson'?: (string);
  /**
   * ISO 639-1 of the texts, or "und"; "en" by default.
   */
  'language'?: (string);
  /**
   * True by default.
   */
  'active'?: (boolean);
  /**
   * How it haggles.
   */
  'rounds'?: (number);
  'beta'?: (number | string);
  'bucketRatio'?: (number | string);
  'openingRatio'?: (number | string);
  /**
   * Of quantity, rounds, beta, bucket_ratio and opening_ratio those that go back to the default.
   */
  'cleared'?: (string)[];
  '_quantity'?: "quantity";
  '_active'?: "active";
  '_rounds'?: "rounds";
  '_beta'?: "beta";
  '_bucketRatio'?: "bucketRatio";
  '_openingRatio'?: "openingRatio";
}

/**
 * What is absent or empty in an import stays as it is; of a new item it is the default.
 */
export interface InventoryItem__Output {
  /**
   * Matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId': (string);
  /**
   * At most 200 characters.
   */
  'name': (string);
  /**
   * At most 5000 characters.
   */
  'description': (string);
  /**
   * Major units, as a decimal such as "1234.50".
   */
  'price': (string);
  /**
   * The lowest price it may go for, which no buyer learns.
   */
  'floor': (string);
  /**
   * ISO 4217.
   */
  'currencyCode': (string);
  /**
   * How many may be reserved at a time; by default there is no limit.
   */
  'quantity'?: (number);
  /**
   * A JSON object of texts, numbers, true or false, or lists of these.
   */
  'attributesJson': (string);
  /**
   * ISO 639-1 of the texts, or "und"; "en" by default.
   */
  'language': (string);
  /**
   * True by default.
   */
  'active'?: (boolean);
  /**
   * How it haggles.
   */
  'rounds'?: (number);
  'beta'?: (number);
  'bucketRatio'?: (number);
  'openingRatio'?: (number);
  /**
   * Of quantity, rounds, beta, bucket_ratio and opening_ratio those that go back to the default.
   */
  'cleared': (string)[];
  '_quantity'?: "quantity";
  '_active'?: "active";
  '_rounds'?: "rounds";
  '_beta'?: "beta";
  '_bucketRatio'?: "bucketRatio";
  '_openingRatio'?: "openingRatio";
}
