import { createHmac, hash, randomFillSync } from 'node:crypto';

/** Bytes of a token that are random. */
const RANDOM_BYTES = 24;
/** Bytes of tokens to come: to ask for those of a hundred costs little more than to ask for one's. */
const ahead = Buffer.alloc(RANDOM_BYTES * 100);
let used = ahead.length;

/** 192 random bits. */
export function newToken(): string {
  if (used === ahead.length) {
    randomFillSync(ahead);
    used = 0;
  }
  const token = `sess_${ahead.toString('base64url', used, used + RANDOM_BYTES)}`;
  // Nobody is to find in memory what a token was.
  ahead.fill(0, used, (used += RANDOM_BYTES));
  return token;
}

/**
 * The token of a haggle that was opened under an idempotency key: the same each time it is asked
 * for again, unknown to anyone without the secret, and so stored nowhere. 192 bits.
 *
 * @param owner random, of the one who worked on the key
 */
export function derivedToken(secret: string, owner: string): string {
  const hmac = createHmac('sha256', secret).update(JSON.stringify(['session token', owner]));
  return `sess_${hmac.digest().subarray(0, 24).toString('base64url')}`;
}

/** The hash of a token, which is all of it that is stored. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
