// Original file: aura/negotiation/v1/negotiation.proto


export interface ReceiptKey {
  /**
   * The header of a receipt names its key by this.
   */
  'keyId'?: (string);
  /**
   * The 32 bytes of a public key of Ed25519.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
}

export interface ReceiptKey__Output {
  /**
   * The header of a receipt names its key by this.
   */
  'keyId': (string);
  /**
   * The 32 bytes of a public key of Ed25519.
   */
  'publicKey': (Buffer);
}
