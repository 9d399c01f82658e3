/**
 * One answer for one key. The key is claimed before anything is decided, and the answer is written
 * in the statement that writes the decision, so that neither is ever there without the other.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import * as events from '../events.ts';
import type { Call } from '../request-scope.ts';
import { uncancelled } from '../request-scope.ts';
import type { Claim, StoredAnswer } from './repository.ts';
import { claimKey, releaseKey } from './repository.ts';

/** How long the caller is kept waiting for its key; where that takes longer, its deadline frees it. */
const RELEASE_MS = 500;
/** How often a key is looked at that is let go of just then. */
const MAX_LOOKS = 5;

interface Request {
  readonly agentDid: string;
  /** Undefined without a key. */
  readonly requestId: string | undefined;
  /** All that makes the request what it is. */
  readonly payload: readonly unknown[];
}

/**
 * Does the work unless it was done under this key before; then the answer is what it was.
 *
 * @param work gets undefined where there is no key, else the claim that its writes must carry
 * @throws DomainError `conflict` while another one works under the key, `failed_precondition` with
 *   the reason IDEMPOTENCY_KEY_REUSED when it was used for something else
 */
export async function once<T>(
  ctx: Context,
  { agentDid, requestId, payload }: Request,
  call: Call,
  work: (claim: Claim | undefined) => Promise<T>,
  replay: (stored: StoredAnswer) => T,
): Promise<T> {
  if (requestId === undefined) return await work(undefined);
  const claim = { agentDid, requestId, owner: randomUUID() };
  const request = { payloadHash: hashOf(payload), remainingMs: call.deadlineAt - Date.now() };
  for (let looks = 1; ; looks++) {
    const found = await claimKey(ctx.db, claim, request);
    if (found.kind === 'claimed') break;
    if (found.kind === 'reused') {
      const message = 'the idempotency key was used for another request';
      throw new DomainError('failed_precondition', 'IDEMPOTENCY_KEY_REUSED', message);
    }
    if (found.kind === 'answered') {
      events.answerReplayed(ctx.logger);
      return replay(found);
    }
    if (found.kind === 'running' || looks === MAX_LOOKS) {
      throw keyInUse();
    }
  }
  try {
    return await work(claim);
  } catch (error) {
    // Nothing was decided, or it is written already: then there is an answer and it stays.
    const released = uncancelled(() => releaseKey(ctx.db, claim)).catch(() => undefined);
    await Promise.race([released, wait(RELEASE_MS)]);
    throw error;
  }
}

export function keyInUse(): DomainError {
  const message = 'the request with this idempotency key is still being answered';
  return new DomainError('conflict', 'IDEMPOTENCY_KEY_IN_USE', message);
}

function hashOf(payload: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(payload)).digest();
}
