/** What a signature has to say of itself before anybody looks for its key. */
import type { SignatureParameters } from 'http-message-sig';
import { SignatureRefused } from './refused.ts';

/** Seconds by which the clocks of an agent and of the gateway may differ, and that a signature without `expires` lasts. */
const WINDOW_S = 300;
/** Seconds that a signature may last; its nonce is kept for so long. */
const MAX_LIFE_S = 3_600;
/** Characters of a nonce; a longer one is refused. */
const MAX_NONCE_LENGTH = 256;
/** Characters of a keyid: a DID and its fragment. */
const MAX_KEY_ID_LENGTH = 512;
/** A signature with another tag was made for somebody else. */
export const TAG = 'aura';
/** The tag of those whose key stands in the directory that `Signature-Agent` names. */
const WEB_BOT_AUTH_TAG = 'web-bot-auth';

/** The parameters of a signature that says all that it has to. */
export interface Covered {
  readonly keyId: string;
  readonly nonce: string;
  /** Unix seconds. */
  readonly validUntil: number;
}

/**
 * Checks what a signature covers and when it was made.
 *
 * @param names the covered components that have no parameters
 * @param now Unix seconds
 * @throws SignatureRefused that names all that is missing
 */
export function checkCoverage(
  names: ReadonlySet<string>,
  parameters: SignatureParameters,
  { hasBody, now }: { readonly hasBody: boolean; readonly now: number },
): Covered {
  const { created, expires, nonce, keyid, tag } = parameters;
  const missing = [
    ...(names.has('@method') ? [] : ['@method']),
    ...missingTarget(names),
    ...(hasBody && !names.has('content-digest') ? ['content-digest'] : []),
    ...Object.entries({ created, nonce, keyid, tag }).flatMap(([name, value]) =>
      value === undefined || value === '' ? [name] : [],
    ),
  ];
  if (missing.length > 0 || created === undefined || nonce === undefined || keyid === undefined) {
    const detail = `The signature has to cover these too: ${missing.join(', ')}.`;
    throw new SignatureRefused('SIGNATURE_INCOMPLETE', detail);
  }
  if (tag !== TAG && tag !== WEB_BOT_AUTH_TAG) {
    const detail = `The tag has to be "${TAG}", or "${WEB_BOT_AUTH_TAG}".`;
    throw new SignatureRefused('SIGNATURE_INCOMPLETE', detail);
  }
  if (nonce.length > MAX_NONCE_LENGTH || keyid.length > MAX_KEY_ID_LENGTH) {
    const detail = `A nonce has at most ${MAX_NONCE_LENGTH} characters, and a keyid ${MAX_KEY_ID_LENGTH}.`;
    throw new SignatureRefused('SIGNATURE_MALFORMED', detail);
  }
  return { keyId: keyid, nonce, validUntil: checkTime(created, expires, now) };
}

function missingTarget(names: ReadonlySet<string>): readonly string[] {
  const parts = ['@authority', '@path', '@query'];
  const absent = parts.filter((name) => !names.has(name));
  if (names.has('@target-uri') || absent.length === 0) return [];
  return absent.length === parts.length ? ['@target-uri'] : absent;
}

/** @returns the Unix seconds until which the signature counts */
function checkTime(created: number, expires: number | undefined, now: number): number {
  if (created > now + WINDOW_S) {
    const detail = `created lies ${created - now} s ahead of the gateway's clock; at most ${WINDOW_S} s are taken.`;
    throw new SignatureRefused('SIGNATURE_NOT_YET_VALID', detail);
  }
  const validUntil = expires ?? created + WINDOW_S;
  if (now > validUntil) {
    const detail = `The signature ended ${now - validUntil} s ago by the gateway's clock.`;
    throw new SignatureRefused('SIGNATURE_EXPIRED', detail);
  }
  if (validUntil - created > MAX_LIFE_S) {
    const detail = `expires may lie at most ${MAX_LIFE_S} s after created.`;
    throw new SignatureRefused('SIGNATURE_MALFORMED', detail);
  }
  return validUntil;
}
