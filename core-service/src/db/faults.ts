/** Faults of the database in the words of the domain; a statement that is wrong is no such fault. */
import type { DomainErrorKind } from '../errors.ts';
import { DomainError, rootCause } from '../errors.ts';
import { requestScope } from '../request-scope.ts';

const QUERY_CANCELED = '57014';
/** Connection exceptions (08), shutdowns (57P), too many connections, locks; then the system's. */
const UNAVAILABLE_CODES =
  /^(08...|57P0.|53300|55P03|25P03|40P01|ECONN\w+|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT)$/;
/** Messages of pg that come without a code. */
const UNAVAILABLE_MESSAGES =
  /^(timeout exceeded when trying|Connection terminated|Client has encountered)/;

/** Messages of pg about a database that said nothing in time. */
const LATE_MESSAGES =
  /^(Query read timeout|timeout exceeded when trying|Connection terminated due to connection timeout)/;

/** The database failed, or a statement was cut off because its caller went away. */
class DatabaseFault extends DomainError {}

/** Tells whether an error is, or was caused by, a fault of the database. */
export function isDatabaseFault(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof DatabaseFault) return true;
  }
  return false;
}

/**
 * Says what a failed statement means to the domain.
 *
 * @param error what pg failed with
 * @returns a DomainError caused by it, or the error itself when it is none of the database's known
 *   faults, and so a bug
 */
export function fromDatabase(error: unknown): unknown {
  const fault = faultOf(error);
  if (!fault) return error;
  // However the statement ended: nobody waited for it any more.
  if (requestScope.getStore()?.signal.aborted !== true) return fault;
  return callerLeft(error);
}

/** @returns the fault of a statement that nobody waits for any more */
export function callerLeft(cause?: unknown): DomainError {
  return databaseFault('cancelled', 'CANCELLED', 'the caller went away', cause);
}

/** Tells whether the database was only not heard of in time; one that is gone refuses or breaks off. */
export function isLate(error: unknown): boolean {
  return error instanceof Error && LATE_MESSAGES.test(error.message);
}

/**
 * Tells whether a statement was prepared once and no longer is, so that nothing was run: the session
 * or a pooler has discarded it or given its name away, or a table that it reads has changed its types.
 */
export function isStale(error: unknown): boolean {
  const cause = rootCause(error);
  if (!(cause instanceof Error && 'code' in cause)) return false;
  if (cause.code === '26000' || cause.code === '42P05') return true;
  return cause.code === '0A000' && 'routine' in cause && cause.routine === 'RevalidateCachedQuery';
}

/** @param cause with which the database gave no sign of life */
export function databaseUnavailable(cause: unknown): DomainError {
  return databaseFault('unavailable', 'DATABASE_UNAVAILABLE', 'the database is unavailable', cause);
}

/** @param retryAfterSeconds when it may have time again */
export function databaseBusy(retryAfterSeconds: number): DomainError {
  const message = 'more requests arrive than the database can answer';
  return new DatabaseFault('resource_exhausted', 'OVERLOADED', message, { retryAfterSeconds });
}

function faultOf(error: unknown): DomainError | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof DatabaseFault) return each;
    const code = 'code' in each && typeof each.code === 'string' ? each.code : '';
    if (code === QUERY_CANCELED || each.message === 'Query read timeout') {
      const message = 'the database took too long to answer';
      return databaseFault('deadline_exceeded', 'DATABASE_TIMEOUT', message, error);
    }
    if (UNAVAILABLE_CODES.test(code) || UNAVAILABLE_MESSAGES.test(each.message)) {
      return databaseUnavailable(error);
    }
  }
  return undefined;
}

function databaseFault(
  kind: DomainErrorKind,
  reason: string,
  message: string,
  cause: unknown,
): DatabaseFault {
  return new DatabaseFault(kind, reason, message, { cause });
}
