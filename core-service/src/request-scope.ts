import { AsyncLocalStorage } from 'node:async_hooks';

/** What the gateway says of a signature that it has found right. */
export interface VerifiedSignature {
  readonly agentDid: string;
  /** At least one; an agent may use each of them once. */
  readonly nonces: readonly string[];
  /** Unix seconds until which a copy of the request would pass the gateway. */
  readonly validUntil: number;
  /** A UUID of the HTTP request, which a copy of it has not. */
  readonly exchangeId: string;
}

/** One request: whose it is in the logs, whether its caller still waits, and until when. */
export interface Call {
  readonly requestId: string;
  /** Aborts when the caller went away or its deadline passed. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970-01-01. */
  readonly deadlineAt: number;
  /** The gateway's word that the request was signed; undefined where it was not. */
  readonly signature?: VerifiedSignature | undefined;
  /** Its work must be done even if the caller is gone. */
  readonly mustEnd?: boolean;
}

/**
 * The call that the present work is for. Use cases get it as an argument; the log and the pool of
 * connections, which nobody hands it to, find it here. It is no part of the OpenTelemetry context,
 * which can be off.
 */
export const requestScope = new AsyncLocalStorage<Call>();

/**
 * Runs work that must be done even if the caller is gone: its statements are not cancelled, and wait
 * for a connection beyond the deadline.
 */
export function uncancelled<T>(work: () => T): T {
  const call = requestScope.getStore();
  if (!call) return work();
  return requestScope.run({ ...call, signal: new AbortController().signal, mustEnd: true }, work);
}
