// Original file: aura/negotiation/v1/inventory.proto

import type { InventoryItem as _aura_negotiation_v1_InventoryItem, InventoryItem__Output as _aura_negotiation_v1_InventoryItem__Output } from '../../../aura/negotiation/v1/InventoryItem.ts';

export interface ImportItemsRequest {
  'item'?: (_aura_negotiation_v1_InventoryItem | null);
}

export interface ImportItemsRequest__Output {
  'item': (_aura_negotiation_v1_InventoryItem__Output | null);
}
