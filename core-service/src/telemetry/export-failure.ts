/** Why an export failed, in words that repeat nothing a collector said: those may have a header in them. */
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';

/**
 * The link at which an export broke: the exporter itself, or an endpoint that is written wrongly; the network,
 * where nobody answered; or the collector, which answered and did not take it.
 */
type FailedLink = 'exporter' | 'network' | 'collector';

export interface FailureCause {
  readonly link: FailedLink;
  /**
   * A gRPC status, the class of the error, `PARTIAL_SUCCESS` where the collector took the call and
   * not all that was in it, or `UNREADABLE_ANSWER`.
   */
  readonly error_type: string;
  /** The code of a network error, such as ECONNREFUSED. */
  readonly error_code?: string;
}

/** Statuses that gRPC's client gives a call by itself too, when no server has answered it. */
const OWN_STATUSES = new Set([
  'CANCELLED',
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'UNAVAILABLE',
]);

/** The part of gRPC's ServiceError that tells who made it. */
interface CallError extends Error {
  readonly code?: unknown;
  readonly metadata?: { getMap(): object };
}

/**
 * Tells why a call failed.
 *
 * @param hint what is unusual at the endpoint; where nobody answers there, it is likely the reason
 */
export function causeOf(error: CallError = new Error(), hint?: string): FailureCause {
  const status = typeof error.code === 'number' ? GRPC_STATUS_WORDS[error.code] : undefined;
  if (status === undefined) return { link: 'exporter', error_type: error.name };
  if (isAnswered(error, status)) return { link: 'collector', error_type: status };
  const network = /\bE[A-Z_]{3,20}\b/.exec(error.message)?.[0];
  return {
    link: hint === undefined ? 'network' : 'exporter',
    error_type: status,
    ...(network !== undefined && { error_code: network }),
  };
}

/** A server's answer has headers, such as its content type; what the client makes up has none. */
function isAnswered({ metadata }: CallError, status: string): boolean {
  const headers = Object.keys(metadata?.getMap() ?? {});
  return headers.length > 0 || !OWN_STATUSES.has(status);
}
