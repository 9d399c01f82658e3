// Original file: aura/negotiation/v1/inventory.proto


export interface SetItemsActiveResponse {
}

export interface SetItemsActiveResponse__Output {
}
