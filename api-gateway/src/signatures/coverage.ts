/** This file checks what a signature has to say of itself before anybody looks for its key. */
import type { Parameters } from 'structured-headers';
import { SignatureRefused } from './refused.ts';
import type { Signature } from './signature-base.ts';
import { malformed } from './signature-base.ts';

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
  /** The name of the algorithm, where the signature says it. */
  readonly algorithm: string | undefined;
  /** Unix seconds. */
  readonly validUntil: number;
}

/**
 * Checks what a signature covers and when it was made.
 *
 * @param now Unix seconds
 * @throws SignatureRefused that names all that is missing
 */
export function checkCoverage(
  { components, parameters }: Pick<Signature, 'components' | 'parameters'>,
  { hasBody, now }: { readonly hasBody: boolean; readonly now: number },
): Covered {
  const names = new Set(components.flatMap(({ name, key }) => (key === undefined ? [name] : [])));
  const [nonce, keyId, tag, algorithm] = ['nonce', 'keyid', 'tag', 'alg'].map((name) =>
    textOf(parameters, name),
  );
  const [created, expires] = ['created', 'expires'].map((name) => secondsOf(parameters, name));
  const missing = [
    ...(names.has('@method') ? [] : ['@method']),
    ...missingTarget(names),
    ...(hasBody && !names.has('content-digest') ? ['content-digest'] : []),
    ...(created === undefined ? ['created'] : []),
    ...Object.entries({ nonce, keyid: keyId, tag }).flatMap(([name, value]) =>
      value ? [] : [name],
    ),
  ];
  if (missing.length > 0 || created === undefined || !nonce || !keyId) {
    const detail = `The signature has to cover these too: ${missing.join(', ')}.`;
    throw new SignatureRefused('SIGNATURE_INCOMPLETE', detail);
  }
  if (tag !== TAG && tag !== WEB_BOT_AUTH_TAG) {
    const detail = `The tag has to be "${TAG}", or "${WEB_BOT_AUTH_TAG}".`;
    throw new SignatureRefused('SIGNATURE_INCOMPLETE', detail);
  }
  if (nonce.length > MAX_NONCE_LENGTH || keyId.length > MAX_KEY_ID_LENGTH) {
    throw malformed(
      `A nonce has at most ${MAX_NONCE_LENGTH} characters, and a keyid ${MAX_KEY_ID_LENGTH}.`,
    );
  }
  return { keyId, nonce, algorithm, validUntil: checkTime(created, expires, now) };
}

function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw malformed(`${name} is no text.`);
}

function secondsOf(parameters: Parameters, name: string): number | undefined {
  const value = parameters.get(name);
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw malformed(`${name} is no whole number of seconds.`);
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
    throw malformed(`expires may lie at most ${MAX_LIFE_S} s after created.`);
  }
  return validUntil;
}
