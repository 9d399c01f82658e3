/** Drizzle on the connections of a pool, and transactions that give them back as they should be. */
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import { callerGone } from '../errors.ts';
import { requestScope } from '../request-scope.ts';
import { isDatabaseFault, isStale } from './faults.ts';
import * as schema from './schema.ts';
import type { Query } from './send.ts';
import { rethrow, send } from './send.ts';

/** The database as statements see it, inside a transaction too. */
export type Tx = Omit<NodePgDatabase<typeof schema>, 'transaction'>;

/** @param bulk runs no statement often enough to keep it prepared */
export function overDriver(bulk: boolean, query: Query): Tx {
  const unnamed: Query = (statement, values) => query({ ...statement, name: undefined }, values);
  return drizzle({ client: { query: bulk ? unnamed : query } as unknown as PoolClient, schema });
}

/** Bulk work waits this long for a row that a bid holds; its statements themselves have no limit. */
export const BULK_LOCK_TIMEOUT_MS = 30_000;
/** Bulk work on a busy machine may be kept from its next statement for seconds, and is not gone. */
export const BULK_IDLE_TRANSACTION_TIMEOUT_MS = 30_000;
/**
 * Bulk work brings its limits into each transaction: a pooler does not hear of those that a connection begins with,
 * and a role may have shorter ones, for requests.
 */
const BEGIN_BULK = `begin; set local statement_timeout = 0;
  set local lock_timeout = ${BULK_LOCK_TIMEOUT_MS};
  set local idle_in_transaction_session_timeout = ${BULK_IDLE_TRANSACTION_TIMEOUT_MS}`;

const connections = new WeakMap<PoolClient, Tx>();

/** Drizzle on this connection; it is kept with it, and with it what was built for it. */
function onConnection(connection: PoolClient, bulk: boolean): Tx {
  let tx = connections.get(connection);
  if (!tx) {
    tx = overDriver(bulk, (statement, values) => send(connection, statement, values));
    connections.set(connection, tx);
  }
  return tx;
}

/**
 * Runs work between `begin` and `commit`. Drizzle's own transaction would keep the connection for
 * good when `begin` fails, and give one back to the pool that is still busy, or has lost its server,
 * as if nothing had been. Work is done again where a statement of it was prepared no longer.
 *
 * @param bulk as of `overDriver`
 */
export async function inTransaction<T>(
  pool: Pool,
  bulk: boolean,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect().catch(rethrow);
  const begin = bulk ? BEGIN_BULK : 'begin';
  const attempt = () => attemptOn(connection, begin, () => work(onConnection(connection, bulk)));
  let isBroken = true;
  try {
    const result = await attempt().catch((error: unknown) => {
      if (!isStale(error)) throw error;
      return attempt();
    });
    isBroken = false;
    return result;
  } catch (error) {
    // Where the database failed, the end of the connection rolls back, whenever it hears of it.
    isBroken = isDatabaseFault(error);
    throw error;
  } finally {
    connection.release(isBroken);
  }
}

async function attemptOn<T>(
  connection: PoolClient,
  begin: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await send(connection, { text: begin });
    const result = await work();
    // Postgres heeds no cancellation between two statements.
    if (requestScope.getStore()?.signal.aborted) throw callerGone();
    await send(connection, { text: 'commit' });
    return result;
  } catch (error) {
    if (!isDatabaseFault(error)) await send(connection, { text: 'rollback' });
    throw error;
  }
}
