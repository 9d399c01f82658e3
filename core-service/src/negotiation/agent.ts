/** Who bids, as far as the policy may know; prices are the same for agents that sign and for others. */
export interface Agent {
  readonly agentDid: string;
  /** The agent has signed the bid. */
  readonly isVerified: boolean;
}
