/** Whatever a request can fail with → what its caller is told. */
import type { ErrorDetail } from '@aura/proto';
import { decodeErrorDetail, STATUS_DETAILS_TRAILER } from '@aura/proto';
import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { FastifyError } from 'fastify';
import type { Fault, FieldError } from './problem.ts';

const INTERNAL: Fault = {
  status: 500,
  reason: 'INTERNAL',
  detail: 'An error of ours; it was logged.',
};
/** Seconds that a caller is told to stay away where nobody knows better. */
const RETRY_AFTER_S = 1;

/**
 * HTTP status by gRPC status, each of them named. A core that is stopped in mid-call cancels it;
 * where the HTTP client did, nobody reads the answer.
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

/** Reasons that mean another HTTP status than their gRPC status does. */
const STATUS_BY_REASON: Readonly<Record<string, number>> = {
  IDEMPOTENCY_KEY_REUSED: 422,
  OVERLOADED: 503,
};

/** Fields that have another name over HTTP. */
const HTTP_FIELDS: Readonly<Record<string, string>> = {
  currency_code: 'currency',
  'agent.did': 'agent_did',
  request_id: 'Idempotency-Key',
};

export function toFault(error: unknown): Fault {
  if (isServiceError(error)) return fromCore(error);
  if (!(error instanceof Error)) return INTERNAL;
  const known = error as FastifyError;
  if (known.validation) return invalid(known.validation.map(toFieldError(known)));
  const { statusCode } = known;
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return INTERNAL;
  return {
    status: statusCode,
    reason: known.code?.replace(/^FST_ERR_(CTP_)?/, ''),
    detail: known.message,
  };
}

function invalid(errors: readonly FieldError[]): Fault {
  const names = [...new Set(errors.map(({ path }) => path || 'the body'))].join(', ');
  return { status: 400, reason: 'INVALID_ARGUMENT', detail: `Invalid: ${names}.`, errors };
}

type ValidationEntry = NonNullable<FastifyError['validation']>[number] & {
  /** Ajv gives it in verbose mode. */
  readonly parentSchema?: { readonly description?: string };
};

/** Ajv names a missing or an unknown field beside the path of what it is missing from. */
function toFieldError(error: FastifyError) {
  return (entry: ValidationEntry): FieldError => {
    const { missingProperty, additionalProperty } = entry.params;
    const below = (missingProperty ?? additionalProperty) as string | undefined;
    const path = [...entry.instancePath.split('/').slice(1), ...(below ? [below] : [])];
    const name = path.join('.');
    const isHeader = error.validationContext === 'headers';
    return { path: isHeader ? headerName(name) : name, message: messageOf(entry) };
  };
}

function messageOf({ keyword, params, parentSchema, message }: ValidationEntry): string {
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties') return 'is not a field of this request';
  // 1e400 is a number to JSON and none to us.
  if (keyword === 'type' && params['type'] === 'number') return 'must be a finite number';
  if (keyword === 'pattern' && parentSchema?.description) {
    return `must be ${parentSchema.description.split(';', 1)[0]}`;
  }
  return message ?? 'is invalid';
}

function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function fromCore(error: ServiceError): Fault {
  const { reason, violations = [], retryAfterSeconds } = detailOf(error);
  const httpStatus = (reason && STATUS_BY_REASON[reason]) || HTTP_STATUS[error.code] || 500;
  if (httpStatus === 500) return INTERNAL;
  if (httpStatus === 503) {
    const detail =
      reason === 'OVERLOADED'
        ? 'More requests arrive than can be answered; try again after Retry-After seconds.'
        : 'A part of the service is down; try again shortly.';
    const retryAfter = retryAfterSeconds || RETRY_AFTER_S;
    return { status: 503, reason: reason ?? 'UNAVAILABLE', detail, retryAfter };
  }
  if (httpStatus === 504) {
    return { status: 504, reason: reason ?? 'TIMEOUT', detail: 'The answer took too long.' };
  }
  if (violations.length > 0) {
    return invalid(
      violations.map(({ field, description }) => ({
        path: HTTP_FIELDS[field] ?? field,
        message: description,
      })),
    );
  }
  return { status: httpStatus, reason, detail: error.details };
}

function detailOf(error: ServiceError): ErrorDetail {
  const [bytes] = error.metadata.get(STATUS_DETAILS_TRAILER);
  if (!(bytes instanceof Buffer)) return {};
  try {
    return decodeErrorDetail(bytes);
  } catch {
    // An error that cannot be read in full is still the error it is.
    return {};
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}
