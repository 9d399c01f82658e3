/** A chat model as the rest of core sees it; whoever implements it is confined to this folder. */
import type { z } from 'zod';
import type { Logger } from '../logger.ts';

/** A question that is answered by the call of one tool. */
export interface Question<Answer> {
  readonly system: string;
  readonly prompt: string;
  readonly tool: {
    readonly name: string;
    readonly description: string;
    /** The shape of the arguments that the model is told. */
    readonly parameters: z.ZodType;
  };
  /** The least that the arguments must be to count as an answer. */
  readonly answer: z.ZodType<Answer>;
}

/** The limit that kept a call from being made. */
export type Cap =
  | 'agent_minute'
  | 'agent_day'
  | 'minute'
  | 'day'
  /** The database did not say what is left. */
  | 'budget_unknown'
  | 'concurrency';

export class CappedError extends Error {
  override name = 'CappedError';
  readonly cap: Cap;

  constructor(cap: Cap, options?: ErrorOptions) {
    super(`the model is not asked: ${cap}`, options);
    this.cap = cap;
  }
}

export type Circuit = 'closed' | 'open' | 'half_open';

export interface ChatModel {
  readonly logger: Logger;
  /**
   * Asks the model, within its budget of time.
   *
   * @param agentDid whom the tokens are charged to; the model does not see it
   * @returns the arguments of the tool that it called
   * @throws CappedError when a limit is reached; anything else when the model fails, takes too
   *   long, or answers something of another shape
   */
  ask<Answer>(question: Question<Answer>, agentDid: string, signal: AbortSignal): Promise<Answer>;
  /** Open while the circuit breaker keeps calls away from a failing model. */
  circuit(): Circuit;
}

/** A caller hung up during a call of the model: nobody's failure. */
export class CallerGoneError extends Error {
  override name = 'CallerGoneError';

  constructor(options: ErrorOptions) {
    super('the caller went away', options);
  }
}
