/** The model as the negotiation sees it; whoever implements it is confined to this folder. */
import type { Logger } from '../logger.ts';
import type { Situation } from '../negotiation/choose-move.ts';

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
