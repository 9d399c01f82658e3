// Original file: aura/negotiation/v1/negotiation.proto


export interface SearchResultItem {
  'itemId'?: (string);
  'name'?: (string);
  /**
   * Major units of `currency_code`.
   */
  'basePrice'?: (number | string);
  /**
   * Cosine similarity, 0 to 1; results are in the order of both rankings, so it need not descend.
   */
  'similarityScore'?: (number | string);
  'descriptionSnippet'?: (string);
  'currencyCode'?: (string);
}

export interface SearchResultItem__Output {
  'itemId': (string);
  'name': (string);
  /**
   * Major units of `currency_code`.
   */
  'basePrice': (number);
  /**
   * Cosine similarity, 0 to 1; results are in the order of both rankings, so it need not descend.
   */
  'similarityScore': (number);
  'descriptionSnippet': (string);
  'currencyCode': (string);
}
