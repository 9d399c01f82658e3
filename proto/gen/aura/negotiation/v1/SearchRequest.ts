// Original file: aura/negotiation/v1/negotiation.proto

import type { AttributeFilter as _aura_negotiation_v1_AttributeFilter, AttributeFilter__Output as _aura_negotiation_v1_AttributeFilter__Output } from '../../../aura/negotiation/v1/AttributeFilter.ts';

export interface SearchRequest {
  /**
   * The query has 1 to 500 characters.
   */
  'query'?: (string);
  /**
   * The limit is 1 to 50; 0 means the default, 3.
   */
  'limit'?: (number);
  /**
   * The lowest similarity, 0 to 1, is applied before `limit`.
   */
  'minSimilarity'?: (number | string);
  /**
   * The ISO 4217 code that items are sold in; empty means any.
   */
  'currencyCode'?: (string);
  /**
   * The highest list price, above 0, in major units of each item's own currency; absent means any.
   */
  'maxPrice'?: (number | string);
  /**
   * An item has to match all of them; there are at most 10.
   */
  'attributes'?: (_aura_negotiation_v1_AttributeFilter)[];
  '_maxPrice'?: "maxPrice";
}

export interface SearchRequest__Output {
  /**
   * The query has 1 to 500 characters.
   */
  'query': (string);
  /**
   * The limit is 1 to 50; 0 means the default, 3.
   */
  'limit': (number);
  /**
   * The lowest similarity, 0 to 1, is applied before `limit`.
   */
  'minSimilarity': (number);
  /**
   * The ISO 4217 code that items are sold in; empty means any.
   */
  'currencyCode': (string);
  /**
   * The highest list price, above 0, in major units of each item's own currency; absent means any.
   */
  'maxPrice'?: (number);
  /**
   * An item has to match all of them; there are at most 10.
   */
  'attributes': (_aura_negotiation_v1_AttributeFilter__Output)[];
  '_maxPrice'?: "maxPrice";
}
