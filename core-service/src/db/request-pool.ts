import { setTimeout as wait } from 'node:timers/promises';
import type { PoolClient, PoolConfig } from 'pg';
import { Pool } from 'pg';
import { asDomainError, callerGone } from '../errors.ts';
import type { Call } from '../request-scope.ts';
import { requestScope } from '../request-scope.ts';
import { PoolTimes } from '../telemetry/pool-times.ts';
import type { GiveBack } from './connection-queue.ts';
import { ConnectionQueue } from './connection-queue.ts';
import { isLate } from './faults.ts';
import { endureBy } from './send.ts';

/** Milliseconds that a cancelled statement may take to end before its connection is cut. */
const CANCEL_MS = 200;

type ConnectCallback = Parameters<Pool['connect']>[0];

/** A connection with what pg's types leave out. */
type Backend = PoolClient & {
  /** The process of Postgres that serves the connection. */
  readonly processID?: number | null;
  /** Cuts the connection when a statement is under way. */
  end(): Promise<void>;
};

/** The ways to the database beside the connections of a pool. */
interface Ways {
  /** Asks for a sign of life, and rejects within a second without one. */
  readonly probe: () => Promise<unknown>;
  /** Cancels the statement of a process of Postgres. */
  readonly cancel: (processId: number) => Promise<unknown>;
  /** True where `sharesSession` says so: callers wait for connections and statements until their deadlines. */
  readonly isShared: boolean;
  /** Statements may take as long as they do. */
  readonly bulk: boolean;
}

/**
 * Ties each use of a connection to the request that it is for: it waits for a connection in a queue of
 * ours, and what its caller no longer waits for is cancelled, over a connection of another pool.
 *
 * Also, a query that has to wait for a connection is called back by whoever gives one back, and
 * would put its span into that one's trace. The instrumentation binds this callback to its own
 * request, but only while it makes connect spans, which we do without; a promise is bound by itself.
 */
export class RequestPool extends Pool {
  readonly #cancel: Ways['cancel'];
  readonly #queue: ConnectionQueue;
  readonly #times: PoolTimes;
  /** Those who have a seat and no connection yet, whether an idle one or a new one. */
  #connecting = 0;

  constructor(
    config: PoolConfig & { readonly max: number; readonly connectionString: string },
    { probe, cancel, isShared, bulk }: Ways,
  ) {
    super(config);
    // On a shared session it would cancel the statement of whoever is served just then.
    this.#cancel = isShared ? () => Promise.resolve() : cancel;
    this.#queue = new ConnectionQueue(config.max, probe);
    if (isShared && !bulk) {
      this.on('connect', (client) =>
        endureBy(client, (work) => this.#queue.endure(requestScope.getStore(), work)),
      );
    }
    this.#times = new PoolTimes(config.connectionString);
    // The metric `db_client_connection_pending_requests` reads it there.
    Object.defineProperty(this, 'waitingCount', { get: () => this.#queue.length });
  }

  /** Milliseconds that the first of those who wait for a connection has waited. */
  get delayMs(): number {
    return this.#queue.delayMs;
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const connection = this.#acquire();
    if (!callback) return connection;
    void callBack(connection, callback);
  }

  async #acquire(): Promise<PoolClient> {
    const call = requestScope.getStore();
    const since = performance.now();
    let giveBack: GiveBack;
    let client: Backend;
    try {
      giveBack = await this.#queue.take(call);
      client = await this.#open(call, giveBack);
    } catch (error) {
      // A caller who went away did not wait in vain.
      if (asDomainError(error)?.kind !== 'cancelled') this.#times.gaveUp();
      throw error;
    }
    this.#times.waited(since);
    const usedSince = performance.now();
    const release = client.release.bind(client);
    const giveUp = (broken?: Error | boolean): void => {
      release(broken);
      this.#times.used(usedSince);
      giveBack(Boolean(broken));
    };
    return this.#watch(client, call?.signal, giveUp);
  }

  /** Takes an idle connection of the pool, or opens one. */
  async #open(call: Call | undefined, giveBack: GiveBack): Promise<Backend> {
    if (this.idleCount > this.#connecting) return await this.#takeIdle(giveBack);
    let isWanted = true;
    this.#connecting++;
    const connecting = this.#connectPatiently(() => isWanted).finally(() => this.#connecting--);
    try {
      return await this.#queue.connect(call, connecting);
    } catch (error) {
      isWanted = false;
      // A connection that comes too late for this caller keeps its seat until then, and is the next one's.
      void connecting
        .then((client) => client.release())
        .catch(() => undefined)
        .finally(() => giveBack(true));
      throw error;
    }
  }

  /** Takes a connection that is there at once, and so is not waited for with a deadline. */
  async #takeIdle(giveBack: GiveBack): Promise<Backend> {
    this.#connecting++;
    try {
      return await super.connect();
    } catch (error) {
      giveBack(true);
      throw error;
    } finally {
      this.#connecting--;
    }
  }

  /** Begins anew when a connection takes too long, as long as somebody wants it. */
  async #connectPatiently(isWanted: () => boolean): Promise<Backend> {
    for (;;) {
      try {
        return await super.connect();
      } catch (error) {
        if (!isLate(error) || !isWanted()) throw error;
      }
    }
  }

  /**
   * @param giveUp ends the use of the connection
   * @throws DomainError `cancelled` when the caller has gone already
   */
  #watch(
    client: Backend,
    signal: AbortSignal | undefined,
    giveUp: PoolClient['release'],
  ): PoolClient {
    client.release = giveUp;
    if (!signal) return client;
    if (signal.aborted) {
      client.release();
      throw callerGone();
    }
    let cancelled: Promise<unknown> | undefined;
    let released = false;
    /** Ends the statement with its connection where not even the cancellation gets through. */
    const cut = async (): Promise<void> => {
      await wait(CANCEL_MS);
      if (!released) await client.end();
    };
    const cancel = (): void => {
      if (!client.processID) return;
      cancelled = this.#cancel(client.processID).catch(() => undefined);
      void cancelled.then(cut).catch(() => undefined);
    };
    signal.addEventListener('abort', cancel);
    client.release = (broken) => {
      released = true;
      signal.removeEventListener('abort', cancel);
      // The cancellation may arrive late, and must not hit somebody else's statement.
      if (cancelled) void cancelled.then(() => giveUp(true));
      else giveUp(broken);
    };
    return client;
  }
}

async function callBack(connection: Promise<PoolClient>, callback: ConnectCallback): Promise<void> {
  let client: PoolClient;
  try {
    client = await connection;
  } catch (error) {
    return callback(error as Error, undefined, () => undefined);
  }
  callback(undefined, client, (broken) => client.release(broken));
}
