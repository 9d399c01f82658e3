// Original file: aura/negotiation/v1/negotiation.proto


export interface SearchResultItem {
  'itemId'?: (string);
  'name'?: (string);
  /**
   * The list price in major units of `currency_code`.
   */
  'basePrice'?: (number | string);
  /**
   * The cosine similarity, 0 to 1, need not descend: words count for the order too.
   */
  'similarityScore'?: (number | string);
  'descriptionSnippet'?: (string);
  'currencyCode'?: (string);
}

export interface SearchResultItem__Output {
  'itemId': (string);
  'name': (string);
  /**
   * The list price in major units of `currency_code`.
   */
  'basePrice': (number);
  /**
   * The cosine similarity, 0 to 1, need not descend: words count for the order too.
   */
  'similarityScore': (number);
  'descriptionSnippet': (string);
  'currencyCode': (string);
}
