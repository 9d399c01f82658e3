import { AsyncResource } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PoolClient, PoolConfig } from 'pg';
import { Pool } from 'pg';
import { DomainError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { requestScope } from '../request-scope.ts';
import * as schema from './schema.ts';

export type Db = Omit<NodePgDatabase<typeof schema>, 'transaction'> & {
  /** Rolled back when the work throws. Not to be nested. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};
/** The database inside a transaction. */
type Tx = Omit<NodePgDatabase<typeof schema>, 'transaction'>;

export interface Database {
  readonly db: Db;
  /** Resolves when Postgres answers, rejects within a second when it does not. */
  ping(): Promise<void>;
  /**
   * Opens all connections of the pool, as far as the database lets it. A replica that joins under
   * load would make its first callers wait for them, some too long.
   */
  warmUp(): Promise<void>;
  /** Of the pool: open ones, and requests that wait for one. */
  connections(): { readonly total: number; readonly waiting: number };
  close(): Promise<void>;
}

/** Shorter than the gateway's deadline of 8 s, so that the caller hears of it. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** A core that vanished in a transaction must not keep a row from the others. */
const IDLE_TRANSACTION_TIMEOUT_MS = 2_000;
const LOCK_TIMEOUT_MS = 2_000;
/** How long a cancelled statement may take to end before its connection is cut. */
const CANCEL_MS = 200;
/** For a free connection or a new one: how long a request waits before it is told to come back. */
const CONNECT_TIMEOUT_MS = 900;

export function openDatabase(
  options: { readonly url: string; readonly poolSize: number },
  logger: Logger,
): Database {
  // A connection of its own, so that a busy pool is not taken for a dead database.
  const probe = new Pool({
    connectionString: options.url,
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    application_name: 'aura-core-probe',
  });
  const untraced = suppressTracing(ROOT_CONTEXT);
  const pool = new RequestPool(
    {
      connectionString: options.url,
      max: options.poolSize,
      min: options.poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      // The embedded database has no statement timeout, and a stopped server keeps none.
      query_timeout: STATEMENT_TIMEOUT_MS + 500,
      keepAlive: true,
      application_name: 'aura-core',
    },
    (processId) =>
      context.with(untraced, () => probe.query('select pg_cancel_backend($1)', [processId])),
  );
  for (const each of [pool, probe]) {
    // An idle connection broke; the pool replaces it. Without a listener it would end the process.
    each.on('error', (error) => logger.warn({ err: error }, 'database_connection_lost'));
    // One that breaks between two statements of a transaction: the next one will say so.
    each.on('connect', (client) => client.on('error', () => undefined));
  }
  return {
    db: Object.assign(drizzle(pool, { schema }), {
      transaction: <T>(work: (tx: Tx) => Promise<T>) => inTransaction(pool, work),
    }),
    ping: async () => {
      await probe.query('select 1');
    },
    connections: () => ({ total: pool.totalCount, waiting: pool.waitingCount }),
    warmUp: async () => {
      const connects = Array.from({ length: options.poolSize }, () => pool.connect());
      for (const each of await Promise.allSettled(connects)) {
        if (each.status === 'fulfilled') each.value.release();
      }
    },
    close: async () => {
      // The pool may still have to cancel, for which it needs the other one.
      await pool.end();
      await probe.end();
    },
  };
}

/**
 * Drizzle's own would keep the connection for good when `begin` fails, and give one back to the
 * pool that is still busy, or has lost its server, as if nothing had been.
 */
async function inTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    await client.query('begin');
    const result = await work(drizzle(client, { schema }));
    // Postgres heeds no cancellation between two statements.
    if (requestScope.getStore()?.signal.aborted) throw callerGone();
    await client.query('commit');
    isBroken = false;
    return result;
  } catch (error) {
    // Where the database failed, the end of the connection rolls back, whenever it hears of it.
    if (!asDatabaseFault(error)) {
      await client.query('rollback');
      isBroken = false;
    }
    throw error;
  } finally {
    client.release(isBroken);
  }
}

type ConnectCallback = Parameters<Pool['connect']>[0];

/** What pg's types leave out: the process that serves the connection. */
type Backend = PoolClient & {
  readonly processID?: number | null;
  /** Cuts the connection when a statement is under way. */
  end(): Promise<void>;
};

/**
 * Ties each use of a connection to the request that it is for: what its caller no longer waits for
 * is cancelled, over a connection of another pool.
 *
 * Also, a query that has to wait for a connection is called back by whoever gives one back, and
 * would put its span into that one's trace. The instrumentation binds this callback to its own
 * request, but only while it makes connect spans, which we do without.
 */
class RequestPool extends Pool {
  readonly #cancel: (processId: number) => Promise<unknown>;

  constructor(config: PoolConfig, cancel: (processId: number) => Promise<unknown>) {
    super(config);
    this.#cancel = cancel;
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const signal = requestScope.getStore()?.signal;
    if (!callback) return super.connect().then((client) => this.#watch(client as Backend, signal));
    super.connect(
      AsyncResource.bind((error: Error | undefined, client: PoolClient | undefined, done) => {
        if (!client) return callback(error, client, done);
        try {
          this.#watch(client, signal);
        } catch (gone) {
          return callback(gone as Error, undefined, done);
        }
        callback(error, client, (broken) => client.release(broken));
      }) as ConnectCallback,
    );
  }

  /** @throws DomainError `cancelled` when the caller has gone already */
  #watch(client: Backend, signal: AbortSignal | undefined): PoolClient {
    if (!signal) return client;
    if (signal.aborted) {
      client.release();
      throw callerGone();
    }
    let cancelled: Promise<unknown> | undefined;
    let released = false;
    /** Where not even the cancellation gets through, the statement ends with its connection. */
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
    const release = client.release.bind(client);
    client.release = (broken) => {
      released = true;
      signal.removeEventListener('abort', cancel);
      // The cancellation may arrive late: not in somebody else's statement.
      if (cancelled) void cancelled.then(() => release(true));
      else release(broken);
    };
    return client;
  }
}

const TIMEOUT_CODES = new Set(['57014']);
/** Connection exceptions (class 08), shutdowns (57P), too many connections; then the system's. */
const UNAVAILABLE_CODES =
  /^(08...|57P0.|53300|55P03|25P03|ECONN\w+|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT)$/;

function callerGone(options?: ErrorOptions): DomainError {
  return new DomainError('cancelled', 'CANCELLED', 'the caller went away', options);
}

/**
 * What a failed statement means to the domain; undefined when it is none of the database's known
 * faults, and so a bug.
 */
export function asDatabaseFault(error: unknown): DomainError | undefined {
  const fault = faultOf(error);
  if (!fault || fault === error) return fault;
  // However it ended: nobody waited for it any more.
  return requestScope.getStore()?.signal.aborted ? callerGone({ cause: error }) : fault;
}

function faultOf(error: unknown): DomainError | undefined {
  const cause = { cause: error };
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof DomainError) return each;
    const code = 'code' in each && typeof each.code === 'string' ? each.code : '';
    if (TIMEOUT_CODES.has(code) || each.message === 'Query read timeout') {
      const message = 'the database took too long to answer';
      return new DomainError('deadline_exceeded', 'DATABASE_TIMEOUT', message, cause);
    }
    // pg has no code for these three.
    const lost = /^(timeout exceeded when trying|Connection terminated|Client has encountered)/;
    if (UNAVAILABLE_CODES.test(code) || lost.test(each.message)) {
      const message = 'the database is unavailable';
      return new DomainError('unavailable', 'DATABASE_UNAVAILABLE', message, cause);
    }
  }
  return undefined;
}
