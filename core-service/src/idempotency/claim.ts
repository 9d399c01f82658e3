/**
 * One answer for one key. The key is claimed before anything is decided, and the answer is written
 * in the statement that writes the decision, so that neither is ever there without the other.
 */
import { hash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { copied } from '../agents/use-signature.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Call } from '../request-scope.ts';
import { uncancelled } from '../request-scope.ts';
import * as events from './events.ts';
import type { Claim, StoredAnswer } from './repository.ts';
import { claimKey, releaseKey } from './repository.ts';

/** The caller waits this long for its key to be let go; where that takes longer, the key's deadline frees it. */
const RELEASE_MS = 500;
/** A key that others keep letting go of is looked at this often, then it counts as in use. */
const MAX_LOOKS = 5;

interface KeyedRequest {
  readonly agentDid: string;
  readonly key: string;
  /** The values that make the request what it is. */
  readonly payload: readonly unknown[];
}

/**
 * Claims a key for the work that is to be done under it, and uses up the signature of the request.
 *
 * @returns the claim, which the work's writes must carry, or the answer that was given before
 * @throws DomainError `conflict` while another one works under the key, `failed_precondition` with
 *   the reason IDEMPOTENCY_KEY_REUSED when it was used for something else, `unauthenticated`
 *   SIGNATURE_REPLAYED for a copy of a signed request
 */
export async function claimOrAnswer(
  ctx: Context,
  { agentDid, key, payload }: KeyedRequest,
  call: Call,
): Promise<{ readonly claim: Claim } | { readonly answered: StoredAnswer }> {
  const claim = { agentDid, key, owner: randomUUID() };
  const { deadlineAt, signature } = call;
  const request = { payloadHash: hashOf(payload), remainingMs: deadlineAt - Date.now(), signature };
  for (let looks = 1; looks <= MAX_LOOKS; looks++) {
    const found = await claimKey(ctx.db, claim, request);
    switch (found.kind) {
      case 'claimed':
        return { claim };
      case 'answered':
        events.answerReplayed(ctx.logger);
        return { answered: found };
      case 'reused': {
        const message = 'the idempotency key was used for another request';
        throw new DomainError('failed_precondition', 'IDEMPOTENCY_KEY_REUSED', message);
      }
      case 'copied':
        throw copied(ctx.logger);
      case 'running':
        throw keyInUse();
      case 'gone':
    }
  }
  throw keyInUse();
}

/**
 * Lets go of a key when the work under it has failed, so that the request can be repeated. Where an
 * answer was written already, it stays.
 */
export async function letGo(ctx: Context, claim: Claim): Promise<void> {
  const released = uncancelled(() => releaseKey(ctx.db, claim)).catch(() => undefined);
  await Promise.race([released, wait(RELEASE_MS)]);
}

export function keyInUse(): DomainError {
  const message = 'the request with this idempotency key is still being answered';
  return new DomainError('conflict', 'IDEMPOTENCY_KEY_IN_USE', message);
}

function hashOf(payload: readonly unknown[]): Buffer {
  return hash('sha256', JSON.stringify(payload), 'buffer');
}
