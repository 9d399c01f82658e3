// Original file: aura/negotiation/v1/negotiation.proto


export interface AgentIdentity {
  /**
   * The identifier has 1 to 256 visible ASCII characters without spaces. A W3C decentralised identifier is recommended,
   * because only that can be verified; what begins with "did:" has to be one.
   */
  'did'?: (string);
  /**
   * The caller may keep its own view of the agent here; the price never depends on it.
   */
  'reputationScore'?: (number | string);
}

export interface AgentIdentity__Output {
  /**
   * The identifier has 1 to 256 visible ASCII characters without spaces. A W3C decentralised identifier is recommended,
   * because only that can be verified; what begins with "did:" has to be one.
   */
  'did': (string);
  /**
   * The caller may keep its own view of the agent here; the price never depends on it.
   */
  'reputationScore': (number);
}
