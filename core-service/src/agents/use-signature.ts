import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Call } from '../request-scope.ts';
import * as events from './events.ts';
import { claimNonces } from './repository.ts';

/**
 * Uses up the signature of a request by a statement of its own, so that a copy of the request comes to
 * nothing, in this and in every other core. A request without one passes.
 *
 * @throws DomainError `unauthenticated` SIGNATURE_REPLAYED for a copy
 */
export async function useSignature(
  { db, logger }: Pick<Context, 'db' | 'logger'>,
  { signature }: Pick<Call, 'signature'>,
): Promise<void> {
  if (signature === undefined || (await claimNonces(db, signature))) return;
  throw copied(logger);
}

/** Tells of a copy of a signed request. @returns what it is refused with */
export function copied(logger: Logger): DomainError {
  events.signatureReplayed(logger);
  const message = 'the nonce was used before; sign each request anew, with a nonce of its own';
  return new DomainError('unauthenticated', 'SIGNATURE_REPLAYED', message);
}
