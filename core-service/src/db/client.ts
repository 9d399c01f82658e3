import { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { countConnections } from '../telemetry/pool-metrics.ts';
import { traceQueries } from '../telemetry/query-span.ts';
import { Probe, PROBE_TIMEOUT_MS } from './probe.ts';
import { RequestPool } from './request-pool.ts';
import type { Query } from './send.ts';
import { sendThrough } from './send.ts';
import { OpenSockets, sharesSession } from './shared-session.ts';
import type { Tx } from './transaction.ts';
import {
  BULK_IDLE_TRANSACTION_TIMEOUT_MS,
  BULK_LOCK_TIMEOUT_MS,
  inTransaction,
  overDriver,
} from './transaction.ts';

export type Db = Tx & {
  /** Rolled back when the work throws. Not to be nested. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

export interface Database {
  readonly db: Db;
  /** Sends one statement on a connection of the pool, as `db` does. */
  readonly query: Query;
  /** Bytes of the write-ahead log that this server has written, or replayed where it is a standby. */
  walPosition(): Promise<number>;
  /** Rejects as `Probe` does: within a second when Postgres does not answer, unless it is only busy. */
  ping(): Promise<void>;
  /**
   * Opens all connections of the pool, as far as the database lets it. A replica that joins under
   * load would make its first callers wait for them, some too long.
   */
  warmUp(): Promise<void>;
  /** Counts the connections of the pool that are open, and the requests that wait for one. */
  connections(): { readonly total: number; readonly waiting: number };
  /** Milliseconds that the first of those who wait for a connection has waited. */
  delayMs(): number;
  close(): Promise<void>;
}

/** A statement is cut after this, which is less than the gateway's 8 s, so that the caller hears why. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** A transaction that says nothing for this long is ended: a core that vanished must hold no row. */
const IDLE_TRANSACTION_TIMEOUT_MS = 2_000;
/** A statement fails when it has waited this long for somebody else's lock. */
const LOCK_TIMEOUT_MS = 2_000;
/**
 * The cost of a random read is that of a disk without moving parts. The planner takes the vectors,
 * which lie apart from their rows, for free to read, and would else compare 10,000 of them one by one
 * sooner than use their index. Statements of some milliseconds are never compiled, which takes
 * hundreds.
 */
const PLANNER = '-c random_page_cost=1.1 -c jit=off';
/**
 * A request's statements are planned once for each connection, whatever their values. Left to itself
 * Postgres plans a search anew each time on some connections, which doubles its cost among few items.
 */
const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan';
/**
 * A new connection may take so many milliseconds; then another one is tried, as long as the probe has signs
 * of life. It is short, since a database that comes back answers no attempt that was made before.
 */
const CONNECT_TIMEOUT_MS = 3_000;
const WAL_POSITION = `select pg_wal_lsn_diff(case when pg_is_in_recovery()
  then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, '0/0')::float8 as bytes`;

export function openDatabase(
  options: {
    readonly url: string;
    readonly poolSize: number;
    /** Statements may take as long as they do: for imports and the like, which have no deadline. */
    readonly bulk?: boolean;
    /** True where all clients have one session; by default what `sharesSession` says. */
    readonly isShared?: boolean;
  },
  logger: Logger,
): Database {
  const { bulk = false, isShared = sharesSession(options) } = options;
  // The deadlines of its callers say how long one waits for a shared session.
  const sockets = isShared ? new OpenSockets() : undefined;
  const timeouts = (connectMs: number, queryMs: number) => ({
    ...(sockets && { stream: sockets.open }),
    connectionTimeoutMillis: isShared ? 0 : connectMs,
    query_timeout: isShared ? 0 : queryMs,
  });
  // A connection of its own, so that a busy pool is not taken for a dead database.
  const probes = new Pool({
    connectionString: options.url,
    max: 1,
    ...timeouts(PROBE_TIMEOUT_MS, PROBE_TIMEOUT_MS),
    application_name: 'aura-core-probe',
  });
  const probe = new Probe(probes, isShared);
  const pool = new RequestPool(
    {
      connectionString: options.url,
      max: options.poolSize,
      min: options.poolSize,
      // A stopped server keeps no timeout of its statements.
      ...timeouts(CONNECT_TIMEOUT_MS, bulk ? 0 : STATEMENT_TIMEOUT_MS + 500),
      statement_timeout: bulk ? 0 : STATEMENT_TIMEOUT_MS,
      lock_timeout: bulk ? BULK_LOCK_TIMEOUT_MS : LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: bulk
        ? BULK_IDLE_TRANSACTION_TIMEOUT_MS
        : IDLE_TRANSACTION_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'aura-core',
      options: bulk ? PLANNER : `${PLANNER} ${PLANNED_ONCE}`,
    },
    {
      probe: () => probe.ping(),
      cancel: (processId) => probe.query('select pg_cancel_backend($1)', [processId]),
      isShared,
      bulk,
    },
  );
  pool.on('connect', traceQueries);
  const stopCounting = countConnections(pool, options.url);
  for (const each of [pool, probes]) {
    // The pool replaces an idle connection that broke. Without a listener it would end the process.
    each.on('error', (error) => logger.warn({ err: error }, 'database_connection_lost'));
    // Where one breaks between two statements of a transaction, the next statement will say so.
    each.on('connect', (client) => client.on('error', () => undefined));
  }
  const query: Query = (statement, values) => sendThrough(pool, statement, values);
  return {
    db: Object.assign(overDriver(bulk, query), {
      transaction: <T>(work: (tx: Tx) => Promise<T>) => inTransaction(pool, bulk, work),
    }),
    query,
    walPosition: async () => {
      const { rows } = await probe.query(WAL_POSITION);
      return rows[0].bytes as number;
    },
    ping: () => probe.ping(),
    connections: () => ({ total: pool.totalCount, waiting: pool.waitingCount }),
    delayMs: () => pool.delayMs,
    warmUp: async () => {
      const connects = Array.from({ length: options.poolSize }, () => pool.connect());
      for (const each of await Promise.allSettled(connects)) {
        if (each.status === 'fulfilled') each.value.release();
      }
    },
    close: async () => {
      // The pool may still have to cancel, for which it needs the other one.
      stopCounting();
      const ended = pool.end().then(() => probes.end());
      await sockets?.cutAfter(ended);
      await ended;
    },
  };
}
