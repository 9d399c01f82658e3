// Original file: aura/negotiation/v1/negotiation.proto


export interface AgentIdentity {
  /**
   * A W3C decentralised identifier, at most 256 characters.
   */
  'did'?: (string);
  /**
   * Reserved for the caller's own view of the agent; the price never depends on it.
   */
  'reputationScore'?: (number | string);
}

export interface AgentIdentity__Output {
  /**
   * A W3C decentralised identifier, at most 256 characters.
   */
  'did': (string);
  /**
   * Reserved for the caller's own view of the agent; the price never depends on it.
   */
  'reputationScore': (number);
}
