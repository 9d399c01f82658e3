/**
 * The directory of keys that `Signature-Agent` names, by the drafts of Web Bot Auth
 * (draft-ietf-webbotauth-httpsig-protocol).
 */
import { hash } from 'node:crypto';
import { isInnerList, parseDictionary, parseItem, Token } from 'structured-headers';
import type { PublicKey } from './public-key.ts';
import { fromJwk } from './public-key.ts';

const PATH = '/.well-known/http-message-signatures-directory';
/** Keys of a directory that are looked at. */
const MAX_KEYS = 64;

/** The keys of a directory by their thumbprints. */
export type DirectoryKeys = ReadonlyMap<string, PublicKey>;

/**
 * Reads the origin that a `Signature-Agent` names: in a dictionary, as the drafts have it since 2025, or in a
 * string alone, as they had it before.
 *
 * @param label the member of the dictionary that the signature covers; undefined where it covers the field whole
 * @returns undefined where it names no origin of https
 */
export function readSignatureAgent(field: string, label: string | undefined): URL | undefined {
  try {
    const isText = label === undefined && field.trimStart().startsWith('"');
    const member = isText ? parseItem(field) : memberOf(field, label);
    if (member === undefined || isInnerList(member)) return undefined;
    const [text, parameters] = member;
    const type = parameters.get('type') ?? 'directory';
    const isDirectory = (type instanceof Token ? type.toString() : type) === 'directory';
    if (typeof text !== 'string' || !isDirectory) return undefined;
    const url = new URL(text);
    return url.protocol === 'https:' && url.href === `${url.origin}/` ? url : undefined;
  } catch {
    return undefined;
  }
}

function memberOf(field: string, label: string | undefined) {
  const members = parseDictionary(field);
  if (label !== undefined) return members.get(label);
  return members.size === 1 ? [...members.values()][0] : undefined;
}

/** @param origin such as `https://agent.example` */
export function urlOfDirectory(origin: string): string {
  return `${origin}${PATH}`;
}

/** Returns the name by which an agent of a directory bids: the `did:web` of the same origin. */
export function didOfOrigin({ host }: URL): string {
  return `did:web:${host.replace(':', '%3A')}`;
}

/** @throws Error where the document is no JSON Web Key Set, or has no key for us */
export function readDirectory(document: unknown): DirectoryKeys {
  const { keys: listed } = (document ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(listed)) throw new Error('it is no JSON Web Key Set');
  const keys = new Map<string, PublicKey>();
  for (const jwk of listed.slice(0, MAX_KEYS)) {
    const key = fromJwk(jwk);
    if (key !== undefined) keys.set(thumbprintOf(key), key);
  }
  if (keys.size === 0) throw new Error('it has no Ed25519 or P-256 key');
  return keys;
}

/** Returns the thumbprint of a key (RFC 7638, RFC 8037), which a signature has as its keyid. */
function thumbprintOf({ key }: PublicKey): string {
  const { crv, kty, x, y } = key.export({ format: 'jwk' });
  const members = y === undefined ? { crv, kty, x } : { crv, kty, x, y };
  return hash('sha256', JSON.stringify(members), 'base64url');
}
