/** What went wrong at the database, in words of the domain. */
import { DomainError } from '../errors.ts';
import { requestScope } from '../request-scope.ts';

const TIMEOUT_CODES = new Set(['57014']);
/** Connection exceptions (08), shutdowns (57P), too many connections, locks; then the system's. */
const UNAVAILABLE_CODES =
  /^(08...|57P0.|53300|55P03|25P03|40P01|ECONN\w+|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT)$/;

export function callerGone(options?: ErrorOptions): DomainError {
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
