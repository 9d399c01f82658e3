// Original file: aura/negotiation/v1/inventory.proto


export interface SetItemsActiveRequest {
  /**
   * There are 1 to 1000 ids.
   */
  'itemIds'?: (string)[];
  'active'?: (boolean);
}

export interface SetItemsActiveRequest__Output {
  /**
   * There are 1 to 1000 ids.
   */
  'itemIds': (string)[];
  'active': (boolean);
}
