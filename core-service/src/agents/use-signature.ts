import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Call } from '../request-scope.ts';
import * as events from './events.ts';
import { claimNonces } from './repository.ts';

/**
 * Uses up the signature of a request, so that a copy of the request comes to nothing, in this and in every
 * other core. A request without one passes.
 *
 * @throws DomainError `unauthenticated` SIGNATURE_REPLAYED for a copy
 */
export async function useSignature(
  { db, logger }: Pick<Context, 'db' | 'logger'>,
  { signature }: Call,
): Promise<void> {
  if (signature === undefined || (await claimNonces(db, signature))) return;
  events.signatureReplayed(logger);
  const message = 'the nonce was used before; sign each request anew, with a nonce of its own';
  throw new DomainError('unauthenticated', 'SIGNATURE_REPLAYED', message);
}
