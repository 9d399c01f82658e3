import { AsyncResource } from 'node:async_hooks';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PoolClient } from 'pg';
import { Pool } from 'pg';
import { DomainError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import * as schema from './schema.ts';

export type Db = NodePgDatabase<typeof schema>;

export interface Database {
  readonly db: Db;
  /** Resolves when Postgres answers, rejects within a second when it does not. */
  ping(): Promise<void>;
  /**
   * Opens all connections of the pool, as far as the database lets it. A replica that joins under
   * load would make its first callers wait for them, some too long.
   */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Shorter than the gateway's deadline of 8 s, so that the caller hears of it. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** For a free connection or a new one: how long a request waits before it is told to come back. */
const CONNECT_TIMEOUT_MS = 900;

export function openDatabase(
  options: { readonly url: string; readonly poolSize: number },
  logger: Logger,
): Database {
  const pool = new BoundPool({
    connectionString: options.url,
    max: options.poolSize,
    min: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // The embedded database has no statement timeout, and a stopped server keeps none.
    query_timeout: STATEMENT_TIMEOUT_MS + 500,
    keepAlive: true,
    application_name: 'aura-core',
  });
  // A connection of its own, so that a busy pool is not taken for a dead database.
  const probe = new BoundPool({
    connectionString: options.url,
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    application_name: 'aura-core-probe',
  });
  for (const each of [pool, probe]) {
    // An idle connection broke; the pool replaces it. Without a listener it would end the process.
    each.on('error', (error) => logger.warn({ err: error }, 'database_connection_lost'));
  }
  return {
    db: drizzle(pool, { schema }),
    ping: async () => {
      await probe.query('select 1');
    },
    warmUp: async () => {
      const connects = Array.from({ length: options.poolSize }, () => pool.connect());
      for (const each of await Promise.allSettled(connects)) {
        if (each.status === 'fulfilled') each.value.release();
      }
    },
    close: async () => {
      await Promise.all([pool.end(), probe.end()]);
    },
  };
}

type ConnectCallback = Parameters<Pool['connect']>[0];

/**
 * A query that has to wait for a connection is called back by whoever gives one back, and would
 * put its span into that one's trace. The instrumentation binds this callback to its own request,
 * but only while it makes connect spans, which we do without.
 */
class BoundPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    return callback ? super.connect(AsyncResource.bind(callback)) : super.connect();
  }
}

const TIMEOUT_CODES = new Set(['57014']);
/** Connection exceptions (class 08), shutdowns (57P), too many connections; then the system's. */
const UNAVAILABLE_CODES =
  /^(08...|57P0.|53300|ECONN\w+|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT)$/;

/**
 * What a failed statement means to the domain; undefined when it is none of the database's known
 * faults, and so a bug.
 */
export function asDatabaseFault(error: unknown): DomainError | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    if (TIMEOUT_CODES.has(code) || cause.message === 'Query read timeout') {
      return new DomainError(
        'deadline_exceeded',
        'DATABASE_TIMEOUT',
        'the database took too long to answer',
        { cause: error },
      );
    }
    // pg has no code for these three.
    const lost = /^(timeout exceeded when trying|Connection terminated|Client has encountered)/;
    if (UNAVAILABLE_CODES.test(code) || lost.test(cause.message)) {
      return new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'the database is unavailable', {
        cause: error,
      });
    }
  }
  return undefined;
}
