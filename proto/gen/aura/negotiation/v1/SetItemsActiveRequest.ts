// Original file: aura/negotiation/v1/inventory.proto


export interface SetItemsActiveRequest {
  /**
   * 1 to 1000.
   */
  'itemIds'?: (string)[];
  'active'?: (boolean);
}

export interface SetItemsActiveRequest__Output {
  /**
   * 1 to 1000.
   */
  'itemIds': (string)[];
  'active': (boolean);
}
