// Original file: aura/negotiation/v1/inventory.proto


export interface ImportedItems {
  'added'?: (number);
  'updated'?: (number);
  'unchanged'?: (number);
}

export interface ImportedItems__Output {
  'added': (number);
  'updated': (number);
  'unchanged': (number);
}
