/** A budget of tokens that all cores have together, of which this one takes its share step by step. */
import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { uncancelled } from '../request-scope.ts';
import type { Taken, Wish } from './budget-repository.ts';

/** Tokens that a call is taken to cost until its answer says it, and when it never does. */
export const UNKNOWN_COST = 500;
/**
 * A core takes this share of a budget at a time. What it then does not need is nobody's until the window
 * ends, and the smaller a step is, the more bids wait for one.
 */
const STEP = 1 / 200;

/** Takes tokens from the budget of all. */
export type TakeTokens = (wish: Wish) => Promise<Taken>;

export class SharedBudget {
  readonly #window: Omit<Wish, 'wanted'>;
  readonly #take: TakeTokens;
  /** What was taken and not yet spent; below 0 where calls cost more than they were taken to. */
  #left = 0;
  /** What calls under way are taken to cost. */
  #held = 0;
  /** When the window ends, in milliseconds of this process. */
  #endsAt = 0;
  #isUsedUp = false;
  #taking: Promise<void> | undefined;

  constructor(window: Omit<Wish, 'wanted'>, take: TakeTokens) {
    this.#window = window;
    this.#take = take;
  }

  /**
   * Puts the cost of a call aside; `release` gives it back when the call has ended.
   *
   * @param signal of those who would wait no longer
   * @returns false when nothing is left until the window ends
   * @throws when the database does not say what is left, or the signal aborts first
   */
  async hold(signal: AbortSignal): Promise<boolean> {
    const { promise: gone, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave);
    try {
      for (;;) {
        this.#turn();
        if (this.#left > this.#held) break;
        if (this.#isUsedUp) return false;
        this.#taking ??= this.#takeStep().finally(() => (this.#taking = undefined));
        await Promise.race([this.#taking, gone]);
      }
      this.#held += UNKNOWN_COST;
      return true;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  release(): void {
    this.#held -= UNKNOWN_COST;
  }

  charge(tokens: number): void {
    this.#left -= tokens;
  }

  /** What was taken in a window that has ended is gone with it. */
  #turn(): void {
    if (performance.now() < this.#endsAt) return;
    this.#left = 0;
    this.#isUsedUp = false;
  }

  async #takeStep(): Promise<void> {
    const { limit } = this.#window;
    const step = Math.max(Math.ceil(limit * STEP), UNKNOWN_COST);
    const wanted = Math.min(step + this.#held - this.#left, limit);
    const { granted, msLeft } = await this.#untraced({ ...this.#window, wanted });
    this.#left += granted;
    this.#endsAt = performance.now() + msLeft;
    this.#isUsedUp = granted === 0;
  }

  /** A step is for the bids of a while: none of them has its span, and none takes it along when its caller leaves. */
  #untraced(wish: Wish): Promise<Taken> {
    return uncancelled(() =>
      context.with(suppressTracing(context.active()), () => this.#take(wish)),
    );
  }
}
