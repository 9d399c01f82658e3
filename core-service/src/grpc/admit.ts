import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Admission } from '../admission.ts';
import { DomainError } from '../errors.ts';
import { toServiceError } from './status.ts';

/**
 * Lets a call in, or refuses it with RESOURCE_EXHAUSTED before anything is done for it: no line in the
 * log, no span but that of the call, and nothing stored under its idempotency key.
 */
export function admitted<Request, Response>(
  admission: Admission,
  handle: handleUnaryCall<Request, Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const refusal = admission.knock() ?? admission.enter();
    if (refusal) {
      const message = 'more requests arrive than can be answered';
      const options = { retryAfterSeconds: refusal.retryAfterSeconds };
      const error = new DomainError('resource_exhausted', 'OVERLOADED', message, options);
      return callback(toServiceError(error));
    }
    handle(call, (...answer) => {
      admission.leave();
      callback(...answer);
    });
  };
}
