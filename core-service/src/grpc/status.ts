/** DomainError kinds → gRPC status, with google.rpc details in the trailer. */
import { encodeErrorDetail, STATUS_DETAILS_TRAILER } from '@aura/proto';
import type { ServiceError } from '@grpc/grpc-js';
import { Metadata, status } from '@grpc/grpc-js';
import type { DomainError, DomainErrorKind } from '../errors.ts';

const CODES: Readonly<Record<DomainErrorKind, status>> = {
  invalid_argument: status.INVALID_ARGUMENT,
  not_found: status.NOT_FOUND,
  unauthenticated: status.UNAUTHENTICATED,
  conflict: status.ABORTED,
  failed_precondition: status.FAILED_PRECONDITION,
  unavailable: status.UNAVAILABLE,
  resource_exhausted: status.RESOURCE_EXHAUSTED,
  // RESOURCE_EXHAUSTED says that we have too much to do, and makes spans red.
  quota_exceeded: status.FAILED_PRECONDITION,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
  cancelled: status.CANCELLED,
};

export function toServiceError(error: DomainError): ServiceError {
  const { reason, violations, message, retryAfterSeconds } = error;
  return serviceError(CODES[error.kind], message, { reason, violations, retryAfterSeconds });
}

/** The answer to everything unknown, of which nothing reaches the caller. */
export function internalError(): ServiceError {
  return serviceError(status.INTERNAL, 'internal error', { reason: 'INTERNAL' });
}

function serviceError(
  code: status,
  details: string,
  detail: Parameters<typeof encodeErrorDetail>[2],
): ServiceError {
  const metadata = new Metadata();
  // Core has answered: asking another time at once would only add to the load.
  metadata.set('grpc-retry-pushback-ms', '-1');
  metadata.set(STATUS_DETAILS_TRAILER, encodeErrorDetail(code, details, detail));
  return Object.assign(new Error(details), { code, details, metadata });
}
