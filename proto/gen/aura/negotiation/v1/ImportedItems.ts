// Original file: aura/negotiation/v1/inventory.proto

import type { Leftover as _aura_negotiation_v1_Leftover, Leftover__Output as _aura_negotiation_v1_Leftover__Output } from '../../../aura/negotiation/v1/Leftover.ts';

export interface ImportedItems {
  'added'?: (number);
  'updated'?: (number);
  'unchanged'?: (number);
  /**
   * Texts look like what an export of another program leaves behind; they were kept as they are.
   */
  'leftovers'?: (_aura_negotiation_v1_Leftover)[];
}

export interface ImportedItems__Output {
  'added': (number);
  'updated': (number);
  'unchanged': (number);
  /**
   * Texts look like what an export of another program leaves behind; they were kept as they are.
   */
  'leftovers': (_aura_negotiation_v1_Leftover__Output)[];
}
