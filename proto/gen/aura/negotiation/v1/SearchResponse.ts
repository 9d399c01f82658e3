// Original file: aura/negotiation/v1/negotiation.proto

import type { SearchResultItem as _aura_negotiation_v1_SearchResultItem, SearchResultItem__Output as _aura_negotiation_v1_SearchResultItem__Output } from '../../../aura/negotiation/v1/SearchResultItem.ts';

export interface SearchResponse {
  'results'?: (_aura_negotiation_v1_SearchResultItem)[];
}

export interface SearchResponse__Output {
  'results': (_aura_negotiation_v1_SearchResultItem__Output)[];
}
