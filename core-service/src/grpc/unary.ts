import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { tellsAgent } from '@aura/proto/agent-name.ts';
import type { handleUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { asDomainError, callerGone } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Call } from '../request-scope.ts';
import { requestScope } from '../request-scope.ts';
import { signatureOf } from './signature.ts';
import { internalError, toServiceError } from './status.ts';

/** A call that brings no deadline, or a later one, has this one. */
const LONGEST_CALL_MS = 30_000;

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
    const deadlineAt = Math.min(Number(call.getDeadline()), Date.now() + LONGEST_CALL_MS);
    void inScope(
      { logger, name, deadlineAt },
      call,
      (scope) => handle(call.request, scope),
      (error, response) => callback(error, response),
    );
  };
}

/**
 * A method that streams, in one direction or both, around a promise: when it is fulfilled the call
 * ends well. It may take as long as the caller stays.
 */
export function streaming<Stream extends StreamingCall>(
  logger: Logger,
  name: string,
  handle: (call: Stream, scope: Call) => Promise<void>,
): (call: Stream) => void {
  return (call) => {
    const deadlineAt = Number(call.getDeadline());
    void inScope(
      { logger, name, deadlineAt },
      call,
      (scope) =>
        handle(call, scope).catch((error: unknown) => {
          // A stream that is gone fails its reader in many ways.
          throw scope.signal.aborted ? callerGone({ cause: error }) : error;
        }),
      (error) => (error ? call.emit('error', error) : call.end()),
    );
  };
}

interface AnyCall {
  readonly metadata: Metadata;
  on(event: 'cancelled', listener: () => void): unknown;
}

interface StreamingCall extends AnyCall {
  getDeadline(): Date | number;
  emit(event: 'error', error: Error): boolean;
  end(): void;
}

async function inScope<Response>(
  method: { readonly logger: Logger; readonly name: string; readonly deadlineAt: number },
  call: AnyCall,
  handle: (scope: Call) => Promise<Response>,
  answer: (error: ServiceError | null, response?: Response) => void,
): Promise<void> {
  const { logger, name, deadlineAt } = method;
  const abort = new AbortController();
  // grpc-js emits `cancelled` for every call, finished ones included; after the answer it is no news.
  let answered = false;
  call.on('cancelled', () => {
    if (!answered) abort.abort();
  });
  const scope = { requestId: requestIdOf(call.metadata), signal: abort.signal, deadlineAt };
  await requestScope.run(scope, async () => {
    const started = performance.now();
    const durationMs = () => Math.round((performance.now() - started) * 10) / 10;
    try {
      const response = await handle({ ...scope, signature: signatureOf(call.metadata) });
      answered = true;
      logger.debug({ method: name, duration_ms: durationMs() }, 'request_completed');
      answer(null, response);
    } catch (error) {
      answered = true;
      const known = asDomainError(error);
      // The caller reads of its own fault in its answer; ours is logged here, once.
      const level = known ? LEVELS[known.kind] : 'error';
      const reason = known?.reason ?? 'INTERNAL';
      // The message that we wrote ourselves is in the answer, and some of it is for the caller alone.
      const cause = known ? known.cause : error;
      const err = level === 'info' ? undefined : cause;
      const line = { method: name, duration_ms: durationMs(), reason, err };
      logger[level](line, 'request_failed');
      answer(known ? toServiceError(known) : internalError());
    }
  });
}

const LEVELS = {
  invalid_argument: 'info',
  not_found: 'info',
  unauthenticated: 'warn',
  conflict: 'info',
  cancelled: 'info',
  quota_exceeded: 'info',
  failed_precondition: 'warn',
  unavailable: 'warn',
  resource_exhausted: 'warn',
  deadline_exceeded: 'warn',
} as const;

function requestIdOf(metadata: Metadata): string {
  const [id] = metadata.get('x-request-id');
  const isFit = typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) && !tellsAgent(id);
  return isFit ? id : randomUUID();
}
