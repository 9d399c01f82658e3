import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import type { Logger } from './logger.ts';
import { RefusedShare } from './refused-share.ts';

/**
 * Requests that may always be under way. Callers who each wait for their answers, however many of them a
 * pool of connections makes, are no overload: only those who come without waiting are.
 *
 * @public for the tests
 */
export const ALWAYS_TAKEN = 64;
/** With fewer requests under way, a delay comes of other programs and not of what there is to do. */
const NEXT_TO_NOTHING = 4;
/** Seconds over which admitted and refused requests are counted; older ones fade out. */
const MEMORY_S = 10;
/** Seconds without a refusal after which an overload is over. */
const OVER_S = 5;
/** Seconds that a refused caller is told to stay away, at most. */
const MAX_RETRY_S = 60;
/** Each caller is told a time of its own, up to so much longer, so that they do not all come back at once. */
const JITTER = 0.5;

/** Why a request was refused; `upstream` is the service that this one calls. */
export type RefusalReason = 'in_flight' | 'delay' | 'upstream';

export interface Refusal {
  readonly reason: RefusalReason;
  /** Whole seconds after which the caller may try again. */
  readonly retryAfterSeconds: number;
}

export interface AdmissionOptions {
  readonly limits: LoadLimits;
  readonly logger: Logger;
  /** Returns how long the head of a queue of this process has waited, in milliseconds. */
  readonly queueMs?: () => number;
  /** Tells whether the service behind this one is not to be bothered with the request. */
  readonly upstreamKeepsBack?: () => boolean;
}

/** The limits of one process. */
export interface LoadLimits {
  readonly maxInFlight: number;
  /** Milliseconds that requests may wait for their turn before some are refused. */
  readonly maxDelayMs: number;
}

const meter = metrics.getMeter('aura.admission');
const refusals = meter.createCounter('aura.requests.refused', {
  description: 'Requests that were refused because more arrived than can be answered',
  unit: '{request}',
});
const underWay = meter.createUpDownCounter('aura.requests.in_flight', {
  description: 'Requests that are being answered',
  unit: '{request}',
});
const delay = meter.createObservableGauge('aura.queue.delay', {
  description: 'How long the event loop, and the head of the queue, are behind',
  unit: 's',
});

const REASONS: Readonly<Record<RefusalReason, Attributes>> = {
  in_flight: Object.freeze({ 'aura.refusal.reason': 'in_flight' }),
  delay: Object.freeze({ 'aura.refusal.reason': 'delay' }),
  upstream: Object.freeze({ 'aura.refusal.reason': 'upstream' }),
};
const QUEUES = {
  eventLoop: Object.freeze({ 'aura.queue.name': 'event_loop' }),
  pool: Object.freeze({ 'aura.queue.name': 'pool' }),
} as const;

/**
 * Decides at the door of a service whether a request is taken. While there is more to do than can be
 * done, as many are refused as keep the delay of those that are taken at the limit.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #share: RefusedShare;
  #inFlight = 0;
  #admitted = 0;
  #refused = 0;
  #fadedAt = performance.now();
  #refusedAt = -Infinity;
  /** The overload that was told of in the log and is not over. */
  #overload: { readonly since: number; refused: number } | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    const { limits, queueMs = () => 0 } = options;
    const isIdle = (): boolean => this.#inFlight < NEXT_TO_NOTHING;
    const source = { allowedMs: limits.maxDelayMs, queueMs, isIdle };
    this.#share = new RefusedShare(source, () => this.#tellWhenOver());
    delay.addCallback((result) => {
      const { delays } = this.#share;
      result.observe(delays.eventLoopMs / 1_000, QUEUES.eventLoop);
      if (options.queueMs) result.observe(delays.queueMs / 1_000, QUEUES.pool);
    });
  }

  /** @returns why a request that comes now is refused; nothing where it may `enter` when it is here whole */
  knock(): Refusal | undefined {
    this.#fade();
    const reason = this.#reason();
    return reason === undefined ? undefined : this.#refuse(reason);
  }

  /**
   * Takes a request that is here whole, and whose end must be told by `leave`. One that is still
   * arriving takes no place, or slow senders would keep everybody out.
   *
   * @returns why not, where it is refused after all
   */
  enter(): Refusal | undefined {
    if (this.#inFlight >= this.#options.limits.maxInFlight) return this.#refuse('in_flight');
    this.#admitted++;
    this.#inFlight++;
    underWay.add(1);
    return undefined;
  }

  /** Counts a request that was taken, and then could not be answered by the service behind this one. */
  refuseLate(): Refusal {
    this.#fade();
    this.#admitted = Math.max(this.#admitted - 1, 0);
    return this.#refuse('upstream');
  }

  leave(): void {
    this.#inFlight--;
    underWay.add(-1);
  }

  #reason(): RefusalReason | undefined {
    const { limits, upstreamKeepsBack } = this.#options;
    if (this.#inFlight >= limits.maxInFlight) return 'in_flight';
    if (this.#inFlight < ALWAYS_TAKEN) return undefined;
    if (Math.random() < this.#share.share) return 'delay';
    if (upstreamKeepsBack?.()) return 'upstream';
    return undefined;
  }

  #refuse(reason: RefusalReason): Refusal {
    this.#refused++;
    this.#refusedAt = performance.now();
    refusals.add(1, REASONS[reason]);
    if (!this.#overload) {
      this.#overload = { since: this.#refusedAt, refused: 0 };
      const { eventLoopMs, queueMs } = this.#share.delays;
      const [event_loop_ms, queue_ms] = [Math.round(eventLoopMs), Math.round(queueMs)];
      const figures = { reason, in_flight: this.#inFlight, event_loop_ms, queue_ms };
      this.#options.logger.warn(figures, 'overload_began');
    }
    this.#overload.refused++;
    return { reason, retryAfterSeconds: this.#retryAfterSeconds() };
  }

  /**
   * The time in which those who were refused of late could be answered, at the pace at which requests
   * are answered now.
   */
  #retryAfterSeconds(): number {
    const seconds = (MEMORY_S * this.#refused) / Math.max(this.#admitted, 1);
    const spread = Math.ceil(seconds * (1 + JITTER * Math.random()));
    return Math.min(Math.max(spread, 1), MAX_RETRY_S);
  }

  #fade(): void {
    const now = performance.now();
    const left = Math.exp((this.#fadedAt - now) / 1_000 / MEMORY_S);
    this.#fadedAt = now;
    this.#admitted *= left;
    this.#refused *= left;
  }

  #tellWhenOver(): void {
    const quiet = performance.now() - this.#refusedAt;
    if (!this.#overload || quiet < OVER_S * 1_000) return;
    const { since, refused } = this.#overload;
    const duration_s = Math.round((this.#refusedAt - since) / 1_000);
    this.#overload = undefined;
    this.#options.logger.info({ refused, duration_s }, 'overload_ended');
  }
}
