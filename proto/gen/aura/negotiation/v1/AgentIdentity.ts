// Original file: aura/negotiation/v1/negotiation.proto


export interface AgentIdentity {
  /**
   * 1 to 256 visible ASCII characters without spaces. A W3C decentralised identifier is recommended,
   * because only that will be verifiable; what begins with "did:" has to be one.
   */
  'did'?: (string);
  /**
   * Reserved for the caller's own view of the agent; the price never depends on it.
   */
  'reputationScore'?: (number | string);
}

export interface AgentIdentity__Output {
  /**
   * 1 to 256 visible ASCII characters without spaces. A W3C decentralised identifier is recommended,
   * because only that will be verifiable; what begins with "did:" has to be one.
   */
  'did': (string);
  /**
   * Reserved for the caller's own view of the agent; the price never depends on it.
   */
  'reputationScore': (number);
}
