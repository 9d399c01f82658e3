/** The model as the negotiation sees it; whoever implements it is confined to this folder. */
import type { Logger } from '../logger.ts';

/** All that the model gets to see; amounts are written out, `1,000.00 USD`. */
export interface Situation {
  readonly item: { readonly name: string; readonly description: string };
  readonly currency: string;
  readonly list_price: string;
  readonly round: number;
  readonly rounds: number;
  readonly bid: string;
  readonly moves: readonly { readonly move: string; readonly ask: string }[];
}

export interface Proposal {
  readonly move: string;
  readonly message: string;
}

/** Which limit kept a call from being made. */
export type Cap = 'agent_minute' | 'agent_day' | 'minute' | 'day' | 'concurrency';

export class CappedError extends Error {
  override name = 'CappedError';
  readonly cap: Cap;

  constructor(cap: Cap) {
    super(`the model is not asked: ${cap}`);
    this.cap = cap;
  }
}

export type Circuit = 'closed' | 'open' | 'half_open';

export interface Haggler {
  readonly logger: Logger;
  /**
   * Asks the model for one of the situation's moves and the words for it, within its budget.
   *
   * @param agentDid whom the tokens are charged to; the model does not see it
   * @throws CappedError when a limit is reached; anything else when the model fails, takes too
   *   long, or answers something of another shape
   */
  propose(situation: Situation, agentDid: string, signal: AbortSignal): Promise<Proposal>;
  /** Open while the circuit breaker keeps calls away from a failing model. */
  circuit(): Circuit;
}

/** Nobody's failure. */
export class CallerGoneError extends Error {
  override name = 'CallerGoneError';

  constructor(options: ErrorOptions) {
    super('the caller went away', options);
  }
}
