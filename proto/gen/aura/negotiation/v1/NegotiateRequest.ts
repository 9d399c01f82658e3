// Original file: aura/negotiation/v1/negotiation.proto

import type { AgentIdentity as _aura_negotiation_v1_AgentIdentity, AgentIdentity__Output as _aura_negotiation_v1_AgentIdentity__Output } from '../../../aura/negotiation/v1/AgentIdentity.ts';

export interface NegotiateRequest {
  /**
   * The idempotency key within one agent: a bid that is sent again under it is answered as before.
   */
  'requestId'?: (string);
  /**
   * The id matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId'?: (string);
  /**
   * The bid in major units is above 0, at most 1e9, and has no more decimals than the currency.
   */
  'bidAmount'?: (number | string);
  /**
   * The ISO 4217 code; empty means the item's currency.
   */
  'currencyCode'?: (string);
  'agent'?: (_aura_negotiation_v1_AgentIdentity | null);
  /**
   * The token of an earlier answer; empty starts a new haggle.
   */
  'sessionToken'?: (string);
}

export interface NegotiateRequest__Output {
  /**
   * The idempotency key within one agent: a bid that is sent again under it is answered as before.
   */
  'requestId': (string);
  /**
   * The id matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId': (string);
  /**
   * The bid in major units is above 0, at most 1e9, and has no more decimals than the currency.
   */
  'bidAmount': (number);
  /**
   * The ISO 4217 code; empty means the item's currency.
   */
  'currencyCode': (string);
  'agent': (_aura_negotiation_v1_AgentIdentity__Output | null);
  /**
   * The token of an earlier answer; empty starts a new haggle.
   */
  'sessionToken': (string);
}
