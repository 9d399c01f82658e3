/** Accepted calls may be so many times fewer than all calls before some are kept back. */
const MARGIN = 1.2;
/** Seconds over which calls are counted; older ones fade out. */
const MEMORY_S = 2;
/** Milliseconds after the last refusal from which on every call is let through again. */
const TRUST_MS = 1_000;

/**
 * Keeps back calls that core would refuse, because even a refusal costs core work. Client-side
 * throttling after "Handling Overload" in Google's Site Reliability Engineering: of `requests` of late,
 * of which core accepted `accepts`, the share `(requests - 1.2 × accepts) / (requests + 1)` is not sent.
 * So core goes on getting a fifth more than it takes, by which one sees when it takes more.
 */
export class CoreThrottle {
  #requests = 0;
  #accepts = 0;
  #fadedAt = performance.now();
  #refusedAt = -Infinity;

  /** Counts a call that core answered. @param taken false when core said OVERLOADED */
  answered(taken: boolean): void {
    this.#fade();
    this.#requests++;
    if (taken) this.#accepts++;
    else this.#refusedAt = this.#fadedAt;
  }

  /** Decides about a call that would be made now, at random. @returns true when it is to be kept back */
  keepsBack(): boolean {
    if (performance.now() - this.#refusedAt > TRUST_MS) return false;
    this.#fade();
    const share = (this.#requests - MARGIN * this.#accepts) / (this.#requests + 1);
    if (Math.random() >= share) return false;
    this.#requests++;
    return true;
  }

  #fade(): void {
    const now = performance.now();
    const left = Math.exp((this.#fadedAt - now) / 1_000 / MEMORY_S);
    this.#fadedAt = now;
    this.#requests *= left;
    this.#accepts *= left;
  }
}
