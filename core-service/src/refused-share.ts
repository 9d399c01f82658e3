/** Which share of the requests has to be refused, so that those that are taken do not wait for long. */

/** Milliseconds between two looks at the delay. */
const LOOK_MS = 20;
/** The least of so many looks counts: a pause for garbage is over by the next look, a queue is not. */
const LOOKS = 3;
/** Share that each second of delay adds when it comes, and takes away when it goes. */
const PROPORTIONAL = 5;
/** Share that each second of delay beyond the allowed one adds in a second. */
const INTEGRAL = 20;
/** The share is divided by this at each look while there is no delay at all. */
const DECAY = 1.2;
/** Milliseconds of delay that refuse nobody after a calm: a burst is worked off, and only a stream is not. */
const BURST_MS = 150;
/** The multiple of the delay without load that is allowed where the machine is busy with other things. */
const BASE_TIMES = 3;
/** The share of the newest look in the mean of the delay without load. */
const NEWEST = 0.02;
/** A look that comes later than this, in seconds, counts as if it came now. */
const MAX_ELAPSED_S = 0.1;
/** Some requests are always let through, because only they tell when it is over. */
const MAX_SHARE = 0.98;

/** The share before, and the delays in seconds by which it moves. */
interface Step {
  readonly share: number;
  readonly delay: number;
  readonly lastDelay: number;
  readonly allowed: number;
  readonly elapsed: number;
}

/**
 * The next share of requests to refuse, from 0 to 0.98. A proportional and integral controller keeps
 * the delay at the allowed one, whatever a request costs and however many may be under way: PIE, which
 * keeps the queues of routers short (RFC 8033, section 4.2), with larger gains, because a service
 * feels what it refuses at once, and a network only after a round trip.
 *
 * @public for the test, which lies beside one of the twins
 */
export function nextShare({ share, delay, lastDelay, allowed, elapsed }: Step): number {
  const step = INTEGRAL * (delay - allowed) * elapsed + PROPORTIONAL * (delay - lastDelay);
  const decayed = delay === 0 && lastDelay === 0 ? share / DECAY : share;
  return Math.min(Math.max(decayed + step, 0), MAX_SHARE);
}

/** The delays of this process, in milliseconds. */
export interface Delays {
  /** The time by which the event loop comes late to what is due. */
  readonly eventLoopMs: number;
  /** The time that the head of the queue has waited, where there is a queue. */
  readonly queueMs: number;
}

export interface DelaySource {
  /** The delay that is aimed at while there is more to do than can be done, in milliseconds. */
  readonly allowedMs: number;
  /** Returns how long the head of a queue has waited, in milliseconds. */
  readonly queueMs: () => number;
  /** Tells whether there is next to nothing to do, so that no delay comes of it. */
  readonly isIdle: () => boolean;
}

/** Looks at the delays of this process all the time, and moves the share with them. */
export class RefusedShare {
  share = 0;
  delays: Delays = { eventLoopMs: 0, queueMs: 0 };
  readonly #looks: number[] = Array.from({ length: LOOKS }, () => 0);
  #delay = 0;
  #lastLook = performance.now();
  #calmAt = performance.now();

  readonly #source: DelaySource;
  /** The mean delay while there is next to nothing to do: others have the processor then. In seconds. */
  #base = 0;

  /** @param looked is called after each look */
  constructor(source: DelaySource, looked: () => void) {
    this.#source = source;
    const look = (): void => {
      const now = performance.now();
      const elapsedMs = now - this.#lastLook;
      this.#lastLook = now;
      // Timers are whole milliseconds, and so up to one late by themselves.
      const eventLoopMs = Math.max(elapsedMs - LOOK_MS - 1, 0);
      this.delays = { eventLoopMs, queueMs: source.queueMs() };
      this.#looks.push(Math.max(eventLoopMs, this.delays.queueMs));
      this.#looks.shift();
      this.#move(Math.min(...this.#looks) / 1_000, elapsedMs / 1_000);
      looked();
      setTimeout(look, LOOK_MS).unref();
    };
    setTimeout(look, LOOK_MS).unref();
  }

  /** Moves the share by the delay and by the time since the last look, both in seconds. */
  #move(delay: number, elapsedSinceLook: number): void {
    const now = this.#lastLook;
    const { allowedMs, isIdle } = this.#source;
    if (isIdle()) this.#base += NEWEST * (delay - this.#base);
    const allowed = Math.max(allowedMs / 1_000, BASE_TIMES * this.#base);
    const elapsed = Math.min(elapsedSinceLook, MAX_ELAPSED_S);
    if (this.share === 0 && delay < allowed / 2) this.#calmAt = now;
    if (now - this.#calmAt > BURST_MS) {
      this.share = nextShare({
        share: this.share,
        delay,
        lastDelay: this.#delay,
        allowed,
        elapsed,
      });
    }
    this.#delay = delay;
  }
}
