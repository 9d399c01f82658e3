/** The seller's methods: each call has to carry the admin token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { handleUnaryCall, Metadata } from '@grpc/grpc-js';
import { DomainError } from '../errors.ts';
import { toServiceError } from './status.ts';

export function guarded<Request, Response>(
  adminToken: string,
  handler: handleUnaryCall<Request, Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    if (isAdmin(call.metadata, adminToken)) return handler(call, callback);
    callback(toServiceError(unauthenticated()));
  };
}

/** The same for methods that stream. */
export function guardedStream<Call extends StreamingCall>(
  adminToken: string,
  handler: (call: Call) => void,
): (call: Call) => void {
  return (call) => {
    if (isAdmin(call.metadata, adminToken)) return handler(call);
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

/** Compares in constant time, whatever was sent. */
function isAdmin(metadata: Metadata, adminToken: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const [sent = ''] = metadata.get('authorization');
  return timingSafeEqual(digest(String(sent)), digest(`Bearer ${adminToken}`));
}
