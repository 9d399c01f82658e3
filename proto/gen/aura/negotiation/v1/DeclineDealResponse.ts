// Original file: aura/negotiation/v1/deal.proto

import type { Deal as _aura_negotiation_v1_Deal, Deal__Output as _aura_negotiation_v1_Deal__Output } from '../../../aura/negotiation/v1/Deal.ts';

export interface DeclineDealResponse {
  'deal'?: (_aura_negotiation_v1_Deal | null);
}

export interface DeclineDealResponse__Output {
  'deal': (_aura_negotiation_v1_Deal__Output | null);
}
