/** Maps whatever a request can fail with to the fault that its caller is told. */
import type { ErrorDetail } from '@aura/proto';
import { decodeErrorDetail, STATUS_DETAILS_TRAILER } from '@aura/proto';
import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { FastifyError } from 'fastify';
import { toFieldErrors } from './field-errors.ts';
import { RateLimited } from './limits/quota.ts';
import type { Fault, FieldError } from './problem.ts';
import { NotTheSigner, WrongFields } from './refusal.ts';

const INTERNAL: Fault = {
  status: 500,
  reason: 'INTERNAL',
  detail: 'The service failed; the error was logged under this trace and request id.',
};
/** Seconds that a 503 asks its caller to wait where core did not say. */
const RETRY_AFTER_S = 1;

/**
 * The HTTP status of each gRPC status. CANCELLED is 503, because a core that is stopped in mid-call
 * cancels it; where the HTTP client cancelled, nobody reads the answer.
 */
const HTTP_STATUS: Readonly<Record<status, number>> = {
  [status.OK]: 500,
  [status.CANCELLED]: 503,
  [status.UNKNOWN]: 500,
  [status.INVALID_ARGUMENT]: 400,
  [status.DEADLINE_EXCEEDED]: 504,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.PERMISSION_DENIED]: 500,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.FAILED_PRECONDITION]: 409,
  [status.ABORTED]: 409,
  [status.OUT_OF_RANGE]: 500,
  [status.UNIMPLEMENTED]: 500,
  [status.INTERNAL]: 500,
  [status.UNAVAILABLE]: 503,
  [status.DATA_LOSS]: 500,
  [status.UNAUTHENTICATED]: 500,
};

/** These reasons mean another HTTP status than their gRPC status does. */
const STATUS_BY_REASON: Readonly<Record<string, number>> = {
  IDEMPOTENCY_KEY_REUSED: 422,
  OVERLOADED: 503,
  SIGNATURE_REPLAYED: 401,
  TOO_MANY_OPEN_SESSIONS: 429,
};

/** These fields of the contract have another name over HTTP. */
const HTTP_FIELDS: Readonly<Record<string, string>> = {
  currency_code: 'currency',
  'agent.did': 'agent_did',
  request_id: 'Idempotency-Key',
};

/** Fastify's own words for these do not say what to do. */
const DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE:
    'The content type cannot be read; send the body as application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 16 KiB.',
};

export function toFault(error: unknown): Fault {
  if (isServiceError(error)) return fromCore(error);
  if (error instanceof WrongFields) return invalid(error.errors);
  if (error instanceof NotTheSigner) {
    const { message: detail, errors } = error;
    return { status: 403, reason: 'AGENT_NOT_SIGNER', detail, errors };
  }
  if (error instanceof RateLimited) {
    const { message: detail, quota } = error;
    return { status: 429, reason: 'RATE_LIMITED', detail, retryAfter: quota.resetSeconds };
  }
  if (!(error instanceof Error)) return INTERNAL;
  const known = error as FastifyError;
  if (known.validation) return invalid(toFieldErrors(known));
  const { statusCode } = known;
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return INTERNAL;
  const reason = known.code?.replace(/^FST_ERR_(CTP_)?/, '');
  return { status: statusCode, reason, detail: DETAILS[known.code] ?? known.message };
}

function invalid(errors: readonly FieldError[]): Fault {
  const names = [...new Set(errors.map(({ path }) => path || 'the body'))].join(', ');
  return { status: 400, reason: 'INVALID_ARGUMENT', detail: `Invalid: ${names}.`, errors };
}

function fromCore(error: ServiceError): Fault {
  const { reason, violations = [], retryAfterSeconds } = detailOf(error);
  const httpStatus = (reason && STATUS_BY_REASON[reason]) || HTTP_STATUS[error.code] || 500;
  if (httpStatus === 500) return INTERNAL;
  if (httpStatus === 503) {
    const retryAfter = retryAfterSeconds || RETRY_AFTER_S;
    if (reason === 'OVERLOADED') return overloaded(retryAfter);
    const detail = 'A part of the service is down; try again shortly.';
    return { status: 503, reason: reason ?? 'UNAVAILABLE', detail, retryAfter };
  }
  if (httpStatus === 504) {
    return {
      status: 504,
      reason: reason ?? 'TIMEOUT',
      detail: 'The service took too long to answer.',
    };
  }
  if (violations.length > 0) return invalid(fieldErrorsOf(violations));
  const retry = retryAfterSeconds ? { retryAfter: retryAfterSeconds } : undefined;
  return { status: httpStatus, reason, detail: error.details, ...retry };
}

function fieldErrorsOf(violations: NonNullable<ErrorDetail['violations']>): FieldError[] {
  return violations.map(({ field, description }) => ({
    path: HTTP_FIELDS[field] ?? field,
    message: description,
  }));
}

/**
 * Names the fields of which core complains as the caller wrote them.
 *
 * @param nameOf the caller's name for a field of the contract; undefined where it has the same
 * @returns the error to throw in place of this one; the same where it is about no fields
 */
export function namedByCaller(
  error: unknown,
  nameOf: (path: string) => string | undefined,
): unknown {
  if (!isServiceError(error) || error.code !== status.INVALID_ARGUMENT) return error;
  const { violations = [] } = detailOf(error);
  if (violations.length === 0) return error;
  const errors = fieldErrorsOf(violations);
  return new WrongFields(errors.map((each) => ({ ...each, path: nameOf(each.path) ?? each.path })));
}

/** @param retryAfter whole seconds */
export function overloaded(retryAfter: number): Fault {
  const detail = 'More requests arrive than can be answered; try again after Retry-After seconds.';
  return { status: 503, reason: 'OVERLOADED', detail, retryAfter };
}

/** Tells whether core refused a call because it has too much to do. */
export function isOverloaded(error: unknown): boolean {
  return isServiceError(error) && detailOf(error).reason === 'OVERLOADED';
}

/** Returns what core, or the channel to it, said of a failed call; nothing of any other error. */
export function describeCore(error: unknown): {
  readonly grpc_status?: string;
  readonly grpc_message?: string;
} {
  if (!isServiceError(error)) return {};
  return { grpc_status: status[error.code], grpc_message: error.details };
}

function detailOf(error: ServiceError): ErrorDetail {
  const [bytes] = error.metadata.get(STATUS_DETAILS_TRAILER);
  if (!(bytes instanceof Buffer)) return {};
  try {
    return decodeErrorDetail(bytes);
  } catch {
    // The status still counts where its details cannot be read.
    return {};
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}
