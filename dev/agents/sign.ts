/**
 * Signs requests by HTTP Message Signatures (RFC 9421) with nothing but Node; copy it. The key is a private key
 * of Ed25519 or P-256 in PEM, and the agent's name follows from it: a did:key.
 */
import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, ECDH, hash, randomBytes, sign } from 'node:crypto';

/** Seconds for which a signature counts. */
const LIFE_S = 60;
/** The gateway wants to know that the signature was made for it. */
const TAG = 'aura';

export interface Signer {
  readonly did: string;
  /** Returns the fields that sign a request; each try of a request is signed anew. */
  headers(request: Signable): Record<string, string>;
}

interface Signable {
  readonly method: string;
  /** The URL as it is sent, or as the gateway is known to the world. */
  readonly url: string;
  readonly body?: string | undefined;
  /** Fields to sign besides, with their values. */
  readonly more?: Readonly<Record<string, string>>;
}

/** @throws Error where the PEM is no such key */
export function createSigner(pem: string): Signer {
  const key = createPrivateKey(pem);
  const did = didOf(key);
  const isEd25519 = key.asymmetricKeyType === 'ed25519';
  return {
    did,
    headers: ({ method, url, body, more = {} }) => {
      const digest = body !== undefined && `sha-256=:${hash('sha256', body, 'base64')}:`;
      const fields = { ...more, ...(digest && { 'content-digest': digest }) };
      const covered = { '@method': method, '@target-uri': new URL(url).href, ...fields };
      const names = Object.keys(covered).map((name) => `"${name}"`);
      const created = Math.floor(Date.now() / 1_000);
      const nonce = randomBytes(16).toString('base64url');
      const params =
        `(${names.join(' ')});created=${created};expires=${created + LIFE_S}` +
        `;nonce="${nonce}";keyid="${did}";tag="${TAG}"`;
      const lines = Object.entries(covered).map(([name, value]) => `"${name}": ${value}`);
      const base = [...lines, `"@signature-params": ${params}`].join('\n');
      const signature = sign(isEd25519 ? null : 'sha256', Buffer.from(base), {
        key,
        dsaEncoding: 'ieee-p1363',
      });
      return {
        ...fields,
        'signature-input': `sig1=${params}`,
        signature: `sig1=:${signature.toString('base64')}:`,
      };
    },
  };
}

/** Returns the did:key of a key: base58btc of a prefix that says its kind, and the public key. */
export function didOf(privateKey: KeyObject): string {
  const { crv, x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const [first, second] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  if (crv === 'Ed25519')
    return `did:key:z${base58(Buffer.concat([Buffer.from('ed01', 'hex'), first]))}`;
  if (crv !== 'P-256') throw new Error('the key must be of Ed25519 or P-256');
  const point = Buffer.concat([Buffer.from([4]), first, second]);
  const short = ECDH.convertKey(point, 'prime256v1', undefined, undefined, 'compressed') as Buffer;
  return `did:key:z${base58(Buffer.concat([Buffer.from('8024', 'hex'), short]))}`;
}

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** @param bytes begin with no zero */
function base58(bytes: Buffer): string {
  let text = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest /= 58n) {
    text = `${DIGITS[Number(rest % 58n)]}${text}`;
  }
  return text;
}
