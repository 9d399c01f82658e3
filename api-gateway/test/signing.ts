/** Signs requests in every right and wrong way, by none of the code that verifies them. */
import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import { didOf } from '../../dev/agents/sign.ts';

export interface TestKey {
  readonly did: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function makeKey(kind: 'ed25519' | 'p256' = 'ed25519'): TestKey {
  const pair =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...pair, did: didOf(pair.privateKey) };
}

export interface Signing {
  readonly key: TestKey;
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  /** Fields of the request besides. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The components in their order, as they stand in `Signature-Input`, with what the signer takes them to be. */
  readonly covered?: readonly string[];
  /** Parameters in place of the usual ones; undefined leaves one out. */
  readonly params?: Readonly<Record<string, string | number | undefined>>;
  readonly label?: string;
  /** `der` is how most libraries write signatures of ECDSA. */
  readonly encoding?: 'ieee-p1363' | 'der';
}

const USUAL = ['"@method"', '"@target-uri"', '"content-digest"'];
export const now = (): number => Math.floor(Date.now() / 1_000);

/** Returns the fields of a signed request. */
export function signFields(signing: Signing): Record<string, string> {
  const { key, method = 'POST', url = 'http://aura.example/v1/search', body } = signing;
  const { covered = USUAL, label = 'sig1', encoding = 'ieee-p1363' } = signing;
  const digest = body !== undefined && `sha-256=:${hash('sha256', body, 'base64')}:`;
  const fields = { ...(digest && { 'content-digest': digest }), ...signing.fields };
  const { host, pathname, search, protocol } = new URL(url);
  const derived = {
    '@method': method,
    '@target-uri': url,
    '@authority': host,
    '@scheme': protocol.slice(0, -1),
    '@path': pathname,
    '@query': search || '?',
  };
  const values: Readonly<Record<string, string>> = { ...derived, ...fields };
  const usual = {
    created: now(),
    nonce: randomBytes(16).toString('hex'),
    keyid: key.did,
    tag: 'aura',
  };
  const params = Object.entries({ ...usual, ...signing.params }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`;${name}=${typeof value === 'number' ? value : `"${value}"`}`];
  });
  const input = `(${covered.join(' ')})${params.join('')}`;
  const lines = covered.map((each) => {
    const [, name = '', member] = /^"([^"]+)"(?:;key="([^"]+)")?/.exec(each) ?? [];
    const value = values[name] ?? '';
    const own = member === undefined ? value : new RegExp(`${member}=([^,]+)`).exec(value)?.[1];
    return `${each}: ${own}`;
  });
  const base = [...lines, `"@signature-params": ${input}`].join('\n');
  const algorithm = key.privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const bytes = sign(algorithm, Buffer.from(base), { key: key.privateKey, dsaEncoding: encoding });
  return {
    ...fields,
    'signature-input': `${label}=${input}`,
    signature: `${label}=:${bytes.toString('base64')}:`,
  };
}
