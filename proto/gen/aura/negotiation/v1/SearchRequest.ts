// Original file: aura/negotiation/v1/negotiation.proto


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
}
