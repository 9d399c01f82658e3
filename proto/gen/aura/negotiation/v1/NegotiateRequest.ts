// Original file: aura/negotiation/v1/negotiation.proto

import type { AgentIdentity as _aura_negotiation_v1_AgentIdentity, AgentIdentity__Output as _aura_negotiation_v1_AgentIdentity__Output } from '../../../aura/negotiation/v1/AgentIdentity.ts';

export interface NegotiateRequest {
  /**
   * Idempotency key within one agent.
   */
  'requestId'?: (string);
  /**
   * Matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId'?: (string);
  /**
   * Major units, above 0, at most 1e9, no more decimals than the currency has.
   */
  'bidAmount'?: (number | string);
  /**
   * ISO 4217; empty means the item's currency.
   */
  'currencyCode'?: (string);
  'agent'?: (_aura_negotiation_v1_AgentIdentity | null);
  /**
   * From an earlier answer; empty starts a new haggle.
   */
  'sessionToken'?: (string);
}

export interface NegotiateRequest__Output {
  /**
   * Idempotency key within one agent.
   */
  'requestId': (string);
  /**
   * Matches [A-Za-z0-9_.:-]{1,64}.
   */
  'itemId': (string);
  /**
   * Major units, above 0, at most 1e9, no more decimals than the currency has.
   */
  'bidAmount': (number);
  /**
   * ISO 4217; empty means the item's currency.
   */
  'currencyCode': (string);
  'agent': (_aura_negotiation_v1_AgentIdentity__Output | null);
  /**
   * From an earlier answer; empty starts a new haggle.
   */
  'sessionToken': (string);
}
