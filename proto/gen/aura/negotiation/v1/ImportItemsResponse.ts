// Original file: aura/negotiation/v1/inventory.proto

import type { ImportedItems as _aura_negotiation_v1_ImportedItems, ImportedItems__Output as _aura_negotiation_v1_ImportedItems__Output } from '../../../aura/negotiation/v1/ImportedItems.ts';
import type { EmbeddingProgress as _aura_negotiation_v1_EmbeddingProgress, EmbeddingProgress__Output as _aura_negotiation_v1_EmbeddingProgress__Output } from '../../../aura/negotiation/v1/EmbeddingProgress.ts';

export interface ImportItemsResponse {
  'imported'?: (_aura_negotiation_v1_ImportedItems | null);
  'embedding'?: (_aura_negotiation_v1_EmbeddingProgress | null);
  'event'?: "imported"|"embedding";
}

export interface ImportItemsResponse__Output {
  'imported'?: (_aura_negotiation_v1_ImportedItems__Output | null);
  'embedding'?: (_aura_negotiation_v1_EmbeddingProgress__Output | null);
  'event'?: "imported"|"embedding";
}
