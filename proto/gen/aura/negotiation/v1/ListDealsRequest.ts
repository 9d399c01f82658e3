// Original file: aura/negotiation/v1/deal.proto

import type { DealStatus as _aura_negotiation_v1_DealStatus, DealStatus__Output as _aura_negotiation_v1_DealStatus__Output } from '../../../aura/negotiation/v1/DealStatus.ts';

export interface ListDealsRequest {
  /**
   * Only deals of this status are listed; unspecified means all.
   */
  'status'?: (_aura_negotiation_v1_DealStatus);
  /**
   * The limit is 1 to 1000; 0 means the default, 50.
   */
  'limit'?: (number);
}

export interface ListDealsRequest__Output {
  /**
   * Only deals of this status are listed; unspecified means all.
   */
  'status': (_aura_negotiation_v1_DealStatus__Output);
  /**
   * The limit is 1 to 1000; 0 means the default, 50.
   */
  'limit': (number);
}
