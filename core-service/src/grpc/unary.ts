import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { handleUnaryCall, Metadata } from '@grpc/grpc-js';
import { asDatabaseFault } from '../db/faults.ts';
import { DomainError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Call } from '../request-scope.ts';
import { requestScope } from '../request-scope.ts';
import { internalError, toServiceError } from './status.ts';

/**
 * A unary method around a promise: request id, one line at the end, cancellation as an
 * AbortSignal, errors as gRPC statuses.
 *
 * @param name the method's name, for the log
 */
export function unary<Request, Response>(
  logger: Logger,
  name: string,
  handle: (request: Request, call: Call) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const abort = new AbortController();
    // grpc-js emits this for every call, finished ones included; after the callback it is no news.
    let answered = false;
    call.on('cancelled', () => {
      if (!answered) abort.abort();
    });
    const deadlineAt = Math.min(Number(call.getDeadline()), Date.now() + LONGEST_CALL_MS);
    const scope = { requestId: requestIdOf(call.metadata), signal: abort.signal, deadlineAt };
    void requestScope.run(scope, async () => {
      const started = performance.now();
      const durationMs = () => Math.round((performance.now() - started) * 10) / 10;
      try {
        const response = await handle(call.request, scope);
        answered = true;
        logger.debug({ method: name, duration_ms: durationMs() }, 'request_completed');
        callback(null, response);
      } catch (error) {
        answered = true;
        const known = asDomainError(error);
        // A caller's fault is the caller's to read; ours is logged here, once.
        const level = known ? LEVELS[known.kind] : 'error';
        const reason = known?.reason ?? 'INTERNAL';
        // What we say ourselves is in the answer, and some of it is for the caller alone.
        const cause = known ? known.cause : error;
        const err = level === 'info' ? undefined : cause;
        const line = { method: name, duration_ms: durationMs(), reason, err };
        logger[level](line, 'request_failed');
        callback(known ? toServiceError(known) : internalError());
      }
    });
  };
}

/** Of a caller who gave no deadline. */
const LONGEST_CALL_MS = 30_000;

const LEVELS = {
  invalid_argument: 'info',
  not_found: 'info',
  unauthenticated: 'warn',
  conflict: 'info',
  cancelled: 'info',
  failed_precondition: 'warn',
  unavailable: 'warn',
  deadline_exceeded: 'warn',
} as const;

function asDomainError(error: unknown): DomainError | undefined {
  return error instanceof DomainError ? error : asDatabaseFault(error);
}

function requestIdOf(metadata: Metadata): string {
  const [id] = metadata.get('x-request-id');
  return typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) ? id : randomUUID();
}
