/**
 * The name and the attributes of a call's spans, which are the same at both ends, and whether a status
 * makes them red. This file imports nothing but words: telemetry preloads read it before grpc-js may be
 * loaded.
 */
import { GRPC_STATUS_WORDS } from './limits.ts';

export interface RpcSpan {
  /** The service without its package, so that the end of the name is seen in a list of spans. */
  readonly name: string;
  readonly attributes: { readonly 'rpc.system.name': 'grpc'; readonly 'rpc.method': string };
}

/** @param path the method's, such as `/aura.negotiation.v1.NegotiationService/Search` */
export function describeRpc(path: string): RpcSpan {
  const method = path.slice(1);
  const name = method.slice(method.lastIndexOf('.', method.indexOf('/')) + 1);
  return { name, attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method } };
}

/** These become a 4xx of the gateway: the caller has made a mistake, and nothing here has failed. */
const CALLER_FAULTS = new Set([
  'OK',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
  'ABORTED',
  'UNAUTHENTICATED',
]);

/** These make a SERVER span an error by the semantic conventions; the rest is the caller's fault. */
const SERVER_FAULTS = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** @returns the word of a gRPC status code, such as `NOT_FOUND` */
export function statusWord(code: number): string {
  return GRPC_STATUS_WORDS[code] ?? 'UNKNOWN';
}

/**
 * Tells whether a call that ended so has failed for who made it. The conventions call each status but
 * OK an error of a CLIENT span; what the gateway answers with a 4xx is none here, so that a caller's
 * mistake paints nothing red.
 */
export function isClientError(status: string): boolean {
  return !CALLER_FAULTS.has(status);
}

/** Tells whether a call that ended so has failed at the server. */
export function isServerError(status: string): boolean {
  return SERVER_FAULTS.has(status);
}
