// Original file: aura/negotiation/v1/inventory.proto


export interface GetItemRequest {
  'itemId'?: (string);
}

export interface GetItemRequest__Output {
  'itemId': (string);
}
