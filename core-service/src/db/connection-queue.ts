import { setTimeout as wait } from 'node:timers/promises';
import type { DomainError } from '../errors.ts';
import { callerGone } from '../errors.ts';
import type { Call } from '../request-scope.ts';
import { requestScope } from '../request-scope.ts';
import { callerLeft, databaseBusy, databaseUnavailable } from './faults.ts';

/** Requests that may wait for each connection of the pool; the next ones are refused at once. */
const WAITING_PER_SEAT = 100;
/** Milliseconds that work without a deadline waits at most, and any other work too. */
const LONGEST_WAIT_MS = 30_000;
/** A request that waits is told so long before its deadline, in milliseconds, while it can still hear it. */
const ANSWER_MS = 250;
/** Milliseconds between two looks at the database while somebody waits. */
const PROBE_INTERVAL_MS = 100;
/** The share of the newest use of a connection in the mean that waits are reckoned from. */
const NEWEST = 0.1;
/** Seconds that a refused caller is told to stay away, at most. */
const MAX_RETRY_S = 60;

export type GiveBack = (isBroken: boolean) => void;

interface Waiter {
  readonly since: number;
  readonly call: Call | undefined;
  readonly settle: (error?: Error) => void;
}

/**
 * The queue before a pool: everybody who is let through finds a connection free, or room to open one.
 * A busy database makes callers wait, and a long queue refuses them (OVERLOADED); that the database is
 * gone is told by the probe alone, which looks at it for as long as somebody waits for a connection, or for
 * one to be made. Requests that had a connection before come first, so that what was begun is finished
 * before more is begun; work that is no request's comes last.
 */
export class ConnectionQueue {
  readonly #seats: number;
  readonly #probe: () => Promise<unknown>;
  readonly #begun = new WeakSet<Call>();
  readonly #waiting: Readonly<Record<'begun' | 'fresh' | 'own', Set<Waiter>>>;
  /** Those who have a seat, and wait until their connection is made. */
  readonly #connecting = new Set<(error: Error) => void>();
  #taken = 0;
  /** Milliseconds that a connection is kept, as a moving mean. */
  #meanUse = 0;
  #isWatching = false;
  #lastSign = 0;
  /** Since when all connections have been taken and none was given back, in milliseconds of this process. */
  #stuckSince: number | undefined;

  /** @param probe asks the database for a sign of life, and rejects within a second without one */
  constructor(seats: number, probe: () => Promise<unknown>) {
    this.#seats = seats;
    this.#probe = probe;
    this.#waiting = { begun: new Set(), fresh: new Set(), own: new Set() };
  }

  get length(): number {
    const { begun, fresh, own } = this.#waiting;
    return begun.size + fresh.size + own.size;
  }

  /** Milliseconds that the first of those who have begun nothing has waited. */
  get delayMs(): number {
    const [head] = this.#waiting.fresh;
    return head ? performance.now() - head.since : 0;
  }

  /**
   * Waits for a seat.
   *
   * @returns gives the seat back
   * @throws DomainError `resource_exhausted` OVERLOADED when the queue is full or the deadline comes
   *   first, `unavailable` DATABASE_UNAVAILABLE when the database gives no sign of life, `cancelled` when
   *   the caller goes away
   */
  async take(call: Call | undefined): Promise<GiveBack> {
    if (call?.signal.aborted) throw callerGone();
    if (this.#taken >= this.#seats || this.length > 0) await this.#wait(call);
    else this.#sit();
    if (call) this.#begun.add(call);
    const since = performance.now();
    return (isBroken) => {
      const now = performance.now();
      if (!isBroken) {
        this.#lastSign = now;
        this.#stuckSince = undefined;
        this.#meanUse += NEWEST * (now - since - this.#meanUse);
      }
      this.#taken--;
      this.#letIn();
      if (this.#taken < this.#seats) this.#stuckSince = undefined;
    };
  }

  /**
   * Waits for work of who has a seat, as long as the caller would wait in the queue.
   *
   * @returns what the work does; it goes on when nobody waits for it any more
   * @throws DomainError OVERLOADED and `cancelled`, as `take` does
   */
  async endure<T>(call: Call | undefined, work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(callerLeft());
    const giveUp = (): void => reject(this.#overloaded());
    const timer = setTimeout(giveUp, Math.min(Math.max(patienceOf(call), 0), LONGEST_WAIT_MS));
    call?.signal.addEventListener('abort', leave);
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearTimeout(timer);
      call?.signal.removeEventListener('abort', leave);
    }
  }

  /**
   * Waits for a new connection, as `endure` does, while the probe looks at the database: on a busy machine
   * Postgres may take seconds to begin a session, and is not gone.
   *
   * @throws DomainError DATABASE_UNAVAILABLE when the database gives no sign of life
   */
  async connect<T>(call: Call | undefined, connecting: Promise<T>): Promise<T> {
    const { promise: gone, reject } = Promise.withResolvers<never>();
    this.#connecting.add(reject);
    this.#beginWatch();
    try {
      const connection = await this.endure(call, Promise.race([connecting, gone]));
      this.#lastSign = performance.now();
      return connection;
    } finally {
      this.#connecting.delete(reject);
    }
  }

  #sit(): void {
    this.#taken++;
    if (this.#taken >= this.#seats) this.#stuckSince ??= performance.now();
  }

  #wait(call: Call | undefined): Promise<void> {
    const { fresh, begun, own } = this.#waiting;
    const isBegun = call !== undefined && (call.mustEnd === true || this.#begun.has(call));
    const line = !call ? own : isBegun ? begun : fresh;
    const patience = patienceOf(call);
    // With nobody before it, a call may as well wait for the one that is served.
    const isHopeless = line === fresh && this.length > 0 && this.#expectedMs() > patience;
    const isFull = line === fresh && this.length >= this.#seats * WAITING_PER_SEAT;
    if (isHopeless || isFull || patience <= 0) throw this.#overloaded();
    return new Promise((resolve, reject) => {
      const leave = (): void => waiter.settle(callerGone());
      const giveUp = (): void => waiter.settle(this.#overloaded());
      const timer = setTimeout(giveUp, Math.min(patience, LONGEST_WAIT_MS));
      const waiter: Waiter = {
        since: performance.now(),
        call,
        settle: (error) => {
          line.delete(waiter);
          clearTimeout(timer);
          call?.signal.removeEventListener('abort', leave);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      call?.signal.addEventListener('abort', leave);
      line.add(waiter);
      this.#beginWatch();
    });
  }

  #letIn(): void {
    if (this.length === 0) return;
    for (const line of Object.values(this.#waiting)) {
      for (const waiter of line) {
        if (this.#taken >= this.#seats) return;
        this.#sit();
        waiter.settle();
      }
    }
  }

  /** Begins to look at the database; that is for all who wait, and no part of the request that came first. */
  #beginWatch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    void requestScope.exit(() => this.#watch());
  }

  /** Looks at the database until nobody waits any more; when it is gone, all who wait are told. */
  async #watch(): Promise<void> {
    while (this.length > 0 || this.#connecting.size > 0) {
      const began = performance.now();
      try {
        await this.#probe();
      } catch (error) {
        // A caller that gave a connection back, or got a new one, had an answer: the probe only came too late.
        if (this.#lastSign < began) this.#refuseAll(error);
      }
      await wait(PROBE_INTERVAL_MS);
    }
    this.#isWatching = false;
  }

  #refuseAll(cause: unknown): void {
    for (const line of Object.values(this.#waiting)) {
      for (const waiter of line) waiter.settle(databaseUnavailable(cause));
    }
    for (const refuse of this.#connecting) refuse(databaseUnavailable(cause));
  }

  /** Milliseconds until a caller who comes now would have a connection. */
  #expectedMs(): number {
    return ((this.length + 1) * this.#meanUse) / this.#seats;
  }

  #overloaded(): DomainError {
    const now = performance.now();
    // The statement that has kept everybody for so long may well take as long again.
    const ms = Math.max(this.#expectedMs(), now - (this.#stuckSince ?? now));
    return databaseBusy(Math.min(Math.max(Math.ceil(ms / 1_000), 1), MAX_RETRY_S));
  }
}

/** Milliseconds that a caller can wait and still hear that it was in vain. */
function patienceOf(call: Call | undefined): number {
  return call && !call.mustEnd ? call.deadlineAt - Date.now() - ANSWER_MS : Infinity;
}
