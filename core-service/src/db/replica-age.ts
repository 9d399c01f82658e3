/** Watches how far a replica is behind its primary, by positions in the log alone: no clocks are compared. */
import { rootCause } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Database } from './client.ts';

/** Milliseconds that a replica may be behind; beyond them the primary is read. */
const MAX_AGE_MS = 5_000;
/** Milliseconds between two looks. */
const INTERVAL_MS = 500;

type Positioned = Pick<Database, 'walPosition'>;

export class ReplicaAge {
  readonly #primary: Positioned;
  readonly #replica: Positioned;
  readonly #logger: Logger;
  /** Positions of the primary that the replica had not reached at the last look, and when they were read. */
  #marks: { readonly position: number; readonly at: number }[] = [];
  /** The replica has all that the primary had at this time. */
  #freshAt = -Infinity;
  #wasFresh = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(primary: Positioned, replica: Positioned, logger: Logger) {
    this.#primary = primary;
    this.#replica = replica;
    this.#logger = logger;
    void this.#loop();
  }

  /** False as well where nobody could tell of late. */
  isFresh(): boolean {
    return performance.now() - this.#freshAt <= MAX_AGE_MS;
  }

  /** The replica failed: it is read again after the next look at it that goes well. */
  distrust(error: unknown): void {
    this.#freshAt = -Infinity;
    this.#say(error);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #loop(): Promise<void> {
    const failure = await this.#look().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (this.#isStopped) return;
    this.#say(failure);
    this.#timer = setTimeout(() => void this.#loop(), INTERVAL_MS).unref();
  }

  async #look(): Promise<void> {
    // The time is taken first, so that what is committed while the primary answers counts as later.
    const at = performance.now();
    this.#marks.push({ position: await this.#primary.walPosition(), at });
    const replayed = await this.#replica.walPosition();
    const reached = this.#marks.filter(({ position }) => position <= replayed);
    this.#marks = this.#marks.slice(reached.length);
    this.#freshAt = reached.at(-1)?.at ?? this.#freshAt;
  }

  /** Writes a line when the replica is left, and when it is used again. */
  #say(failure: unknown): void {
    const isFresh = this.isFresh();
    if (isFresh === this.#wasFresh) return;
    this.#wasFresh = isFresh;
    if (isFresh) this.#logger.info('read_replica_used');
    else if (failure === undefined) this.#logger.warn({ reason: 'stale' }, 'read_replica_left');
    else this.#logger.warn({ reason: 'failed', err: rootCause(failure) }, 'read_replica_left');
  }
}
