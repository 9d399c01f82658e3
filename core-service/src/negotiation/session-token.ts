import { createHmac, hash, randomBytes } from 'node:crypto';

/** 192 random bits. */
export function newToken(): string {
  return `sess_${randomBytes(24).toString('base64url')}`;
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
