/** Statements that only read, on a replica of the database for as long as it is fresh. */
import { DomainError, rootCause } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Database, Db } from './client.ts';
import { openDatabase } from './client.ts';
import { isDatabaseFault } from './faults.ts';
import { ReplicaAge } from './replica-age.ts';
import type { Query } from './send.ts';
import type { Tx } from './transaction.ts';
import { overDriver } from './transaction.ts';

/** Postgres says so of a statement that needed what the standby had to give up for its primary. */
const CONFLICT_WITH_RECOVERY = '40001';

export interface ReadReplica {
  /** Reads at most `MAX_AGE_MS` behind the primary; transactions are the primary's. */
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens a pool on a replica. A statement goes to the primary while the replica is too far behind, or
 * cannot be asked how far, and once more when the replica fails it.
 */
export function openReadReplica(
  options: { readonly url: string; readonly poolSize: number },
  primary: Database,
  logger: Logger,
): ReadReplica {
  const replica = openDatabase(options, logger);
  const age = new ReplicaAge(primary, replica, logger);
  const query: Query = async (statement, values) => {
    if (!age.isFresh()) return primary.query(statement, values);
    try {
      return await replica.query(statement, values);
    } catch (error) {
      if (!isOfReplica(error)) throw error;
      age.distrust(error);
      return primary.query(statement, values);
    }
  };
  return {
    db: Object.assign(overDriver(false, query), {
      transaction: <T>(work: (tx: Tx) => Promise<T>) => primary.db.transaction(work),
    }),
    close: async () => {
      age.stop();
      await replica.close();
    },
  };
}

/** Tells whether the primary may answer where the replica did not: one that took all the time has left none. */
function isOfReplica(error: unknown): boolean {
  const cause = rootCause(error);
  if (cause instanceof Error && 'code' in cause && cause.code === CONFLICT_WITH_RECOVERY)
    return true;
  return isDatabaseFault(error) && error instanceof DomainError && error.kind === 'unavailable';
}
