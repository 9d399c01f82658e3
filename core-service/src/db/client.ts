import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { requestScope } from '../request-scope.ts';
import { asDatabaseFault, callerGone } from './faults.ts';
import { RequestPool } from './request-pool.ts';
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
/** What bulk work waits for a row that a bid holds; its statements may take as long as they do. */
const BULK_LOCK_TIMEOUT_MS = 30_000;
/**
 * As for a disk without moving parts. The planner takes the vectors, which lie apart from their rows,
 * for free to read, and would compare 10,000 of them one by one sooner than use their index.
 */
const PLANNER = '-c random_page_cost=1.1';
/** For a free connection or a new one: how long a request waits before it is told to come back. */
const CONNECT_TIMEOUT_MS = 900;

export function openDatabase(
  options: {
    readonly url: string;
    readonly poolSize: number;
    /** For imports and the like, which nobody waits for with a deadline. */
    readonly bulk?: boolean;
  },
  logger: Logger,
): Database {
  const { bulk = false } = options;
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
      statement_timeout: bulk ? 0 : STATEMENT_TIMEOUT_MS,
      lock_timeout: bulk ? BULK_LOCK_TIMEOUT_MS : LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      // The embedded database has no statement timeout, and a stopped server keeps none.
      query_timeout: bulk ? 0 : STATEMENT_TIMEOUT_MS + 500,
      keepAlive: true,
      application_name: 'aura-core',
      options: PLANNER,
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
