/** Keys of `did:web` (W3C CCG), which stand in a document at the domain. */
import type { PublicKey } from './public-key.ts';
import { fromJwk, fromMultibase } from './public-key.ts';

const PREFIX = 'did:web:';
/** Characters of a host name and of each part of a path. */
const PART = /^[\w.%-]{1,253}$/;
/** Verification methods of a document that are looked at. */
const MAX_METHODS = 64;

/** The keys that may sign for a DID, by their ids without the DID before the `#`. */
export type DidKeys = ReadonlyMap<string, PublicKey>;

/**
 * Returns where the document of a DID is: `did:web:example.com` has it at `/.well-known/did.json`, and
 * `did:web:example.com%3A8443:agents:ann` at port 8443 and `/agents/ann/did.json`.
 *
 * @returns undefined where the DID is not well formed
 */
export function urlOfDidWeb(did: string): string | undefined {
  const [host = '', ...path] = did.slice(PREFIX.length).split(':');
  if (!did.startsWith(PREFIX) || ![host, ...path].every((part) => PART.test(part)))
    return undefined;
  const [name = '', port, ...rest] = host.split(/%3A/i);
  if (rest.length > 0 || name.includes('%') || (port !== undefined && !/^\d{1,5}$/.test(port))) {
    return undefined;
  }
  const below = path.length === 0 ? '/.well-known/did.json' : `/${path.join('/')}/did.json`;
  const url = `https://${name}${port === undefined ? '' : `:${port}`}${below}`;
  // A path with dots would lead to another document than the DID says.
  return URL.canParse(url) && new URL(url).pathname === below ? url : undefined;
}

interface Method {
  readonly id?: unknown;
  readonly controller?: unknown;
  readonly publicKeyJwk?: unknown;
  readonly publicKeyMultibase?: unknown;
}

/**
 * Returns the keys of a DID document by which its subject authenticates itself.
 * @throws Error where it is not the DID's document, or has no such key
 */
export function readDidDocument(document: unknown, did: string): DidKeys {
  const { id, verificationMethod, authentication } = (document ?? {}) as Record<string, unknown>;
  if (id !== did) throw new Error('it is the document of another DID');
  const listed = methodsIn(verificationMethod);
  const keys = new Map<string, PublicKey>();
  for (const each of asList(authentication)) {
    const method =
      typeof each === 'string'
        ? listed.find((one) => fragmentOf(one.id, did) === fragmentOf(each, did))
        : (each as Method);
    const fragment = fragmentOf(method?.id, did);
    const key = method && keyOf(method);
    if (key !== undefined && fragment !== undefined) keys.set(fragment, key);
  }
  if (keys.size === 0) throw new Error('it has no Ed25519 or P-256 key under authentication');
  return keys;
}

function methodsIn(value: unknown): readonly Method[] {
  return asList(value).filter((each): each is Method => typeof each === 'object' && each !== null);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_METHODS) : [];
}

function keyOf({ publicKeyJwk: jwk, publicKeyMultibase: multibase }: Method) {
  if (jwk !== undefined) return fromJwk(jwk);
  return typeof multibase === 'string' ? fromMultibase(multibase) : undefined;
}

/** @returns the part from `#` on of an id of this DID, which may be written without the DID */
function fragmentOf(id: unknown, did: string): string | undefined {
  if (typeof id !== 'string') return undefined;
  const at = id.indexOf('#');
  const isOurs = at === 0 || (at > 0 && id.slice(0, at) === did);
  return isOurs ? id.slice(at) : undefined;
}
