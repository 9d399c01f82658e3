// Original file: aura/negotiation/v1/inventory.proto

import type { EmbeddingProgress as _aura_negotiation_v1_EmbeddingProgress, EmbeddingProgress__Output as _aura_negotiation_v1_EmbeddingProgress__Output } from '../../../aura/negotiation/v1/EmbeddingProgress.ts';

export interface ReindexItemsResponse {
  'embedding'?: (_aura_negotiation_v1_EmbeddingProgress | null);
}

export interface ReindexItemsResponse__Output {
  'embedding': (_aura_negotiation_v1_EmbeddingProgress__Output | null);
}
