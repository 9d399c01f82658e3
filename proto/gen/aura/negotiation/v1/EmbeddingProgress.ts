// Original file: aura/negotiation/v1/inventory.proto


export interface EmbeddingProgress {
  'done'?: (number);
  'total'?: (number);
}

export interface EmbeddingProgress__Output {
  'done': (number);
  'total': (number);
}
