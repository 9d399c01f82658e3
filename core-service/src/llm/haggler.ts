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

export interface Haggler {
  readonly logger: Logger;
  /**
   * Asks the model for one of the situation's moves and the words for it, within its budget.
   *
   * @throws when it fails, takes too long, or answers something of another shape
   */
  propose(situation: Situation, signal: AbortSignal): Promise<Proposal>;
  /** False while the circuit breaker keeps calls away from a failing model. */
  healthy(): boolean;
}
