/** Public keys of the two algorithms that agents sign with, from the forms in which they are published. */
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createPublicKey, ECDH, verify } from 'node:crypto';
import { base58 } from '@scure/base';

export interface PublicKey {
  /** The name of RFC 9421. */
  readonly algorithm: 'ed25519' | 'ecdsa-p256-sha256';
  readonly key: KeyObject;
}

/** The multicodec prefixes of the keys, as varints. */
const ED25519_PREFIX = 'ed01';
const P256_PREFIX = '8024';
/** Characters of a multibase key; the longest of ours has 49. */
const MAX_MULTIBASE_LENGTH = 64;

/**
 * Reads a Multikey: base58btc of a multicodec prefix and the key, behind `z`.
 * @returns undefined for anything else, and for keys of other kinds
 */
export function fromMultibase(text: string): PublicKey | undefined {
  if (!text.startsWith('z') || text.length > MAX_MULTIBASE_LENGTH) return undefined;
  try {
    const bytes = Buffer.from(base58.decode(text.slice(1)));
    const prefix = bytes.toString('hex', 0, 2);
    const key = bytes.subarray(2);
    if (prefix === ED25519_PREFIX && key.length === 32) {
      return fromJwk({ kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') });
    }
    return prefix === P256_PREFIX && key.length === 33 ? fromPoint(key) : undefined;
  } catch {
    return undefined;
  }
}

/** @param point of P-256, compressed; one that is not on the curve throws */
function fromPoint(point: Buffer): PublicKey | undefined {
  const whole = ECDH.convertKey(point, 'prime256v1') as Buffer;
  const [x, y] = [whole.subarray(1, 33), whole.subarray(33)].map((each) =>
    each.toString('base64url'),
  );
  return fromJwk({ kty: 'EC', crv: 'P-256', x, y });
}

/** Reads a JSON Web Key. @returns undefined for a value that is none, and for keys of other kinds */
export function fromJwk(jwk: unknown): PublicKey | undefined {
  const { kty, crv, x, y } = (jwk ?? {}) as JsonWebKey;
  const algorithm =
    kty === 'OKP' && crv === 'Ed25519'
      ? 'ed25519'
      : kty === 'EC' && crv === 'P-256'
        ? 'ecdsa-p256-sha256'
        : undefined;
  if (algorithm === undefined) return undefined;
  try {
    // Only the public members go on: a document that has a private key by mistake is no worse.
    const key = { kty, crv, x, ...(y !== undefined && { y }) } as JsonWebKey;
    return { algorithm, key: createPublicKey({ key, format: 'jwk' }) };
  } catch {
    return undefined;
  }
}

/** Tells whether the key made the signature; one of ECDSA is r and s, of 32 bytes each. */
export function isSignedBy(
  { algorithm, key }: PublicKey,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return algorithm === 'ed25519'
    ? verify(null, data, key, signature)
    : verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
