/**
 * The keys that sign receipts: a JWK Set (RFC 7517) of Ed25519 keys (RFC 8037). The first one signs; with all of
 * them receipts are verified.
 */
import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

/** Keys of one installation; more are a mistake. */
const MAX_KEYS = 16;

export interface ReceiptKey {
  /** Names the key in the header of a receipt. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public key as 32 bytes in base64url, which is `x` of its JWK. */
  readonly x: string;
}

/** A private JWK, as a file of keys has it. */
export interface PrivateJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly kid: string;
  readonly x: string;
  readonly d: string;
}

/** @returns a new key, named by its thumbprint (RFC 7638) */
export function newReceiptKey(): PrivateJwk {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
  return { kty: 'OKP', crv: 'Ed25519', kid: thumbprint.digest('base64url'), x, d };
}

/** A JWK Set as it is written to a file. */
export function writeKeySet(keys: readonly PrivateJwk[]): string {
  return `${JSON.stringify({ keys }, undefined, 2)}\n`;
}

/** @throws Error that says what is wrong, and repeats nothing of the text */
export function parseKeySet(text: string): PrivateJwk[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new Error('must be a JWK Set in JSON');
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > MAX_KEYS) {
    throw new Error(`must be a JWK Set with 1 to ${MAX_KEYS} "keys"`);
  }
  const names = keys.map((each: Partial<PrivateJwk> | null) => each?.kid);
  if (!names.every((kid) => typeof kid === 'string' && /^[\w.:-]{1,128}$/.test(kid))) {
    throw new Error('must have a "kid" in each key, of letters, digits, "-", "_", "." and ":"');
  }
  if (new Set(names).size < names.length) throw new Error('has a "kid" twice');
  return keys as PrivateJwk[];
}

/** @throws Error as {@link parseKeySet}, and for a key that is no private key of Ed25519 */
export function readReceiptKeys(text: string): readonly ReceiptKey[] {
  return parseKeySet(text).map((jwk, i) => {
    try {
      return importKey(jwk);
    } catch {
      throw new Error(`has no private key of Ed25519 as key ${i + 1}`);
    }
  });
}

function importKey({ kid, ...jwk }: PrivateJwk): ReceiptKey {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  const { x, crv } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined || x !== jwk.x) throw new Error('not that pair');
  return { kid, privateKey, publicKey, x };
}
