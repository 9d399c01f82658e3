// Original file: aura/negotiation/v1/inventory.proto


export interface ExportItemsRequest {
}

export interface ExportItemsRequest__Output {
}
