/** The examples of RFC 9421, appendix B, for the two algorithms that agents sign with, and those of RFC 9530. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { SignatureComponent } from 'http-message-sig';
import { component, createSignatureSync, verifySignature } from 'http-message-sig';
import { describe, expect, test } from 'vitest';
import { checkContentDigest } from './content-digest.ts';
import type { PublicKey } from './keys/public-key.ts';
import { fromJwk, isSignedBy } from './keys/public-key.ts';
import type { SignedRequest } from './signature-base.ts';
import { readSignatures } from './signature-base.ts';

/** The keys of sections B.1.3 and B.1.4. */
const KEYS: Readonly<Record<string, PublicKey>> = {
  'test-key-ecc-p256': fromJwk({
    kty: 'EC',
    crv: 'P-256',
    x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
    y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
  })!,
  'test-key-ed25519': fromJwk({
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
  })!,
};

const DERIVED = ['@method', '@target-uri', '@authority', '@scheme', '@path', '@query'];
const fieldsOf = (fields: object) =>
  Object.entries(fields).map(([name, value]) => ({ name, value: String(value) }));

async function verify(message: Parameters<typeof verifySignature>[0]): Promise<boolean> {
  await verifySignature(message, {
    policy: {
      algorithms: ['ed25519', 'ecdsa-p256-sha256'],
      requiredComponents: [],
      requiredParameters: [],
    },
    resolveVerifier: ({ parameters }) => {
      const key = KEYS[String(parameters.keyid)]!;
      return { algorithm: key.algorithm, verify: (...signed) => isSignedBy(key, ...signed) };
    },
  });
  return true;
}

/** The request and the response of section B.2, with what signs each of them. */
const REQUEST_FIELDS = {
  host: 'example.com',
  date: 'Tue, 20 Apr 2021 02:07:55 GMT',
  'content-type': 'application/json',
  'content-length': '18',
};
const B26 = {
  kind: 'request',
  method: 'POST',
  targetUri: 'https://example.com/foo?param=Value&Pet=dog',
  fields: fieldsOf({
    ...REQUEST_FIELDS,
    'signature-input':
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature:
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
  }),
} as const;
const B24 = {
  kind: 'response',
  status: 200,
  fields: fieldsOf({
    date: 'Tue, 20 Apr 2021 02:07:56 GMT',
    'content-type': 'application/json',
    'content-digest':
      'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
    'content-length': '23',
    'signature-input':
      'sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
    signature:
      'sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:',
  }),
} as const;
/** Section B.4: the message as it was sent, and as a transformation that changes nothing of it makes it. */
const B4 = {
  kind: 'request',
  method: 'GET',
  targetUri: 'https://example.org/demo?name1=Value1&Name2=value2',
  fields: fieldsOf({
    host: 'example.org',
    date: 'Fri, 15 Jul 2022 14:24:55 GMT',
    accept: 'application/json, */*',
    'signature-input':
      'transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
    signature:
      'transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:',
  }),
} as const;

describe('RFC 9421, appendix B', () => {
  test.each([
    ['B.2.4, a response by ECDSA over P-256', B24],
    ['B.2.6, a request by Ed25519', B26],
    ['B.4, a request that was sent', B4],
    [
      'B.4, with a field more and another query',
      {
        ...B4,
        targetUri: 'https://example.org/demo?name1=Value1&Name2=value2&param=added',
        fields: [...B4.fields, { name: 'accept-language', value: 'en-US,en;q=0.5' }],
      },
    ],
  ])('%s', async (_name, message) => {
    await expect(verify(message)).resolves.toBe(true);
  });

  const other = (message: typeof B4, name: string, value: string) => ({
    ...message,
    fields: message.fields.map((field) => (field.name === name ? { name, value } : field)),
  });
  test.each([
    ['B.4, with another method', { ...B4, method: 'POST' }],
    ['B.4, at another authority', { ...B4, targetUri: 'https://example.com/demo' }],
    ['B.4, with what it accepts in another order', other(B4, 'accept', '*/*, application/json')],
    ['B.2.4, with another status', { ...B24, status: 201 }],
    ['B.2.6, with another path', { ...B26, targetUri: 'https://example.com/bar' }],
  ])('%s is not what was signed', async (_name, message) => {
    await expect(verify(message)).rejects.toMatchObject({ code: 'VerificationFailed' });
  });
});

describe('the signature base', () => {
  const toRequest = ({ method, targetUri, fields }: typeof B4 | typeof B26): SignedRequest => ({
    method,
    targetUri,
    headers: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    body: undefined,
  });

  test.each([
    ['B.2.6', B26],
    ['B.4', B4],
  ])('of %s is the one that was signed', (_name, message) => {
    const [signature] = readSignatures(toRequest(message));
    const { base, bytes } = signature!;
    expect(isSignedBy(KEYS['test-key-ed25519']!, Buffer.from(base), bytes)).toBe(true);
  });

  const fields = {
    accept: 'application/json,  */*',
    'x-empty': '',
    'x-list': 'a, b',
    'signature-agent':
      'one="https://a.example", two="https://b.example";type=directory, three=(1 2);p',
  };
  const covered = fc.uniqueArray(
    fc.constantFrom<SignatureComponent>(
      ...DERIVED,
      ...Object.keys(fields),
      ...['one', 'two', 'three'].map((key) => component('signature-agent', { key })),
    ),
    { minLength: 1, selector: (each) => JSON.stringify(each) },
  );
  const visible = fc.string({ unit: fc.constantFrom(...' !"\\\'();=:/?#az09'), maxLength: 20 });
  const urls = fc.constantFrom(
    'https://Shop.Example:443/a%20b?c=d&e',
    'http://127.0.0.1:8000/v1/search',
    'https://shop.example',
    'https://shop.example/?',
    'https://[::1]:8443/a/../b//?q=a?b/c',
  );

  test('is the one that another implementation makes, whatever is covered', () => {
    fc.assert(
      fc.property(covered, urls, visible, visible, (components, targetUri, nonce, keyid) => {
        let theirs = '';
        const sign = (data: Uint8Array): Uint8Array => {
          theirs = Buffer.from(data).toString();
          return Buffer.alloc(64);
        };
        const message = {
          kind: 'request',
          method: 'POST',
          targetUri,
          fields: fieldsOf(fields),
        } as const;
        const parameters = { created: 1_795_680_000, nonce, keyid, tag: 'aura' };
        const signer = { algorithm: 'ed25519', sign };
        const made = createSignatureSync(message, { components, parameters, signer });
        const { signature, signatureInput } = made;
        const headers = { ...fields, signature, 'signature-input': signatureInput };
        const [ours] = readSignatures({ method: 'POST', targetUri, headers, body: undefined });
        expect(ours?.base).toBe(theirs);
      }),
    );
  });
});

describe('RFC 9530', () => {
  /** Bodies of appendix B. */
  const HELLO = Buffer.from('{"hello": "world"}\n');
  const BOOK = Buffer.from('{"title": "New Title"}\n');

  test.each([
    [HELLO, 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:'],
    [
      HELLO,
      'sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:',
    ],
    [BOOK, 'sha-256=:mEkdbO7Srd9LIOegftO0aBX+VPTVz7/CSHes2Z27gc4=:'],
    [HELLO, 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:, md5=:AAAA:, unixsum=:AAAA:'],
  ])('%s is the body of %s', (body, field) => {
    expect(() => checkContentDigest(field, body)).not.toThrow();
  });

  const right = createHash('sha256').update(HELLO).digest('base64');
  test.each([
    ['another body', `sha-256=:${right}:`, BOOK, 'CONTENT_DIGEST_WRONG'],
    [
      'one right and one wrong',
      `sha-256=:${right}:, sha-512=:AAAA:`,
      HELLO,
      'CONTENT_DIGEST_WRONG',
    ],
    ['only what does not count', 'md5=:AAAA:', HELLO, 'CONTENT_DIGEST_WRONG'],
    ['nothing', '', HELLO, 'CONTENT_DIGEST_WRONG'],
    ['a text', `sha-256="${right}"`, HELLO, 'SIGNATURE_MALFORMED'],
    ['a list', 'sha-256=(1 2)', HELLO, 'SIGNATURE_MALFORMED'],
    ['no structured field', `sha-256=${right}`, HELLO, 'SIGNATURE_MALFORMED'],
  ])('%s is refused', (_name, field, body, code) => {
    expect(() => checkContentDigest(field, body)).toThrow(expect.objectContaining({ code }));
  });
});
