// Original file: aura/negotiation/v1/negotiation.proto

import type { AttributeFilter as _aura_negotiation_v1_AttributeFilter, AttributeFilter__Output as _aura_negotiation_v1_AttributeFilter__Output } from '../../../aura/negotiation/v1/AttributeFilter.ts';

export interface SearchRequest {
  /**
   * 1 to 500 characters.
   */
  'query'?: (string);
  /**
   * 1 to 50; 0 means the default, 3.
   */
  'limit'?: (number);
  /**
   * 0 to 1; applied before `limit`.
   */
  'minSimilarity'?: (number | string);
  /**
   * ISO 4217; empty for any.
   */
  'currencyCode'?: (string);
  /**
   * Major units of each item's own currency, above 0; absent for any.
   */
  'maxPrice'?: (number | string);
  /**
   * All of them have to hold, at most 10.
   */
  'attributes'?: (_aura_negotiation_v1_AttributeFilter)[];
  '_maxPrice'?: "maxPrice";
}

export interface SearchRequest__Output {
  /**
   * 1 to 500 characters.
   */
  'query': (string);
  /**
   * 1 to 50; 0 means the default, 3.
   */
  'limit': (number);
  /**
   * 0 to 1; applied before `limit`.
   */
  'minSimilarity': (number);
  /**
   * ISO 4217; empty for any.
   */
  'currencyCode': (string);
  /**
   * Major units of each item's own currency, above 0; absent for any.
   */
  'maxPrice'?: (number);
  /**
   * All of them have to hold, at most 10.
   */
  'attributes': (_aura_negotiation_v1_AttributeFilter__Output)[];
  '_maxPrice'?: "maxPrice";
}
