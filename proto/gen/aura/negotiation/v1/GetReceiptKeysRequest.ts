// Original file: aura/negotiation/v1/negotiation.proto


export interface GetReceiptKeysRequest {
}

export interface GetReceiptKeysRequest__Output {
}
