// Original file: aura/negotiation/v1/negotiation.proto

import type { ReceiptKey as _aura_negotiation_v1_ReceiptKey, ReceiptKey__Output as _aura_negotiation_v1_ReceiptKey__Output } from '../../../aura/negotiation/v1/ReceiptKey.ts';

export interface GetReceiptKeysResponse {
  /**
   * The first one signs; receipts of before are signed by the others. Empty where core has no key.
   */
  'keys'?: (_aura_negotiation_v1_ReceiptKey)[];
}

export interface GetReceiptKeysResponse__Output {
  /**
   * The first one signs; receipts of before are signed by the others. Empty where core has no key.
   */
  'keys': (_aura_negotiation_v1_ReceiptKey__Output)[];
}
