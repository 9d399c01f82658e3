/** The digest of a body in its `Content-Digest` field (RFC 9530). */
import { hash } from 'node:crypto';
import { isInnerList, parseDictionary } from 'structured-headers';
import { SignatureRefused } from './refused.ts';

/** The names of RFC 9530 for the hashes that count, and Node's; others of a field are passed over. */
const HASHES = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;

/**
 * Checks a body against its digests: there must be one that counts, and each of those must be right.
 *
 * @param field the value of `Content-Digest`
 * @param body the bytes as they came
 * @throws SignatureRefused where the field cannot be read or is another body's
 */
export function checkContentDigest(field: string, body: Buffer): void {
  // This is how nearly everybody writes it, and then nothing has to be parsed.
  if (field === `sha-256=:${hash('sha256', body, 'base64')}:`) return;
  const digests = readDigests(field);
  let checked = 0;
  for (const [name, algorithm] of Object.entries(HASHES)) {
    const digest = digests.get(name);
    if (digest === undefined) continue;
    if (!hash(algorithm, body, 'buffer').equals(digest)) {
      const detail = `The body is not the one that ${name} in Content-Digest was made of.`;
      throw new SignatureRefused('CONTENT_DIGEST_WRONG', detail);
    }
    checked++;
  }
  if (checked > 0) return;
  const detail = 'Content-Digest must have a digest by sha-256 or sha-512.';
  throw new SignatureRefused('CONTENT_DIGEST_WRONG', detail);
}

function readDigests(field: string): ReadonlyMap<string, Buffer> {
  try {
    return new Map(
      [...parseDictionary(field)].map(([name, member]) => {
        if (isInnerList(member) || !(member[0] instanceof ArrayBuffer)) {
          throw new TypeError(`${name} is no byte sequence`);
        }
        return [name, Buffer.from(member[0])];
      }),
    );
  } catch {
    const detail = 'Content-Digest is no dictionary of byte sequences, such as sha-256=:…:.';
    throw new SignatureRefused('SIGNATURE_MALFORMED', detail);
  }
}
