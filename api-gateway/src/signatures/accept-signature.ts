/** The field tells callers who are refused what a signature has to have, in the words of RFC 9421, section 5.1. */
import { randomBytes } from 'node:crypto';
import { TAG } from './coverage.ts';

/** Bytes of the nonce that is proposed. */
const NONCE_BYTES = 16;

/** Returns the value of `Accept-Signature`. The nonce in it is an offer; any other new one does as well. */
export function acceptSignature(): string {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  return `sig1=("@method" "@target-uri" "content-digest");created;expires;keyid;nonce="${nonce}";tag="${TAG}"`;
}
