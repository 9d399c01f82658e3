/** The seller's methods: each call has to carry the admin token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { handleUnaryCall, Metadata } from '@grpc/grpc-js';
import { DomainError } from '../errors.ts';
import { toServiceError } from './status.ts';

/** Says whether a call may use the seller's methods. */
export type IsAdmin = (metadata: Metadata) => boolean;

/**
 * @param tokens that open the seller's methods: two while callers go over to a new one
 * @returns compares what a call sends with all of them, in a time that tells nothing of either
 */
export function adminCheck(tokens: readonly string[]): IsAdmin {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const allowed = tokens.map((token) => digest(`Bearer ${token}`));
  return (metadata) => {
    const [text = ''] = metadata.get('authorization');
    const sent = digest(String(text));
    // The first match does not end it.
    return allowed.filter((each) => timingSafeEqual(each, sent)).length > 0;
  };
}

export function guarded<Request, Response>(
  isAdmin: IsAdmin,
  handler: handleUnaryCall<Request, Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    if (isAdmin(call.metadata)) return handler(call, callback);
    callback(toServiceError(unauthenticated()));
  };
}

/** The same for methods that stream. */
export function guardedStream<Call extends StreamingCall>(
  isAdmin: IsAdmin,
  handler: (call: Call) => void,
): (call: Call) => void {
  return (call) => {
    if (isAdmin(call.metadata)) return handler(call);
    call.emit('error', toServiceError(unauthenticated()));
  };
}

interface StreamingCall {
  readonly metadata: Metadata;
  emit(event: 'error', error: Error): boolean;
}

function unauthenticated(): DomainError {
  const message = 'send the admin token as authorization: Bearer …';
  return new DomainError('unauthenticated', 'UNAUTHENTICATED', message);
}
