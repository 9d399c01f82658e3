// Original file: aura/negotiation/v1/inventory.proto


export interface ReindexItemsRequest {
}

export interface ReindexItemsRequest__Output {
}
