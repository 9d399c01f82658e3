/** Finds the key that a signature names, and whose it is. */
import { LRUCache } from 'lru-cache';
import { SignatureRefused } from '../refused.ts';
import type { DidKeys } from './did-web.ts';
import { readDidDocument, urlOfDidWeb } from './did-web.ts';
import type { DirectoryKeys } from './directory.ts';
import { didOfOrigin, readDirectory, readSignatureAgent, urlOfDirectory } from './directory.ts';
import { Documents } from './documents.ts';
import type { FetchOptions } from './fetch-json.ts';
import type { PublicKey } from './public-key.ts';
import { fromMultibase } from './public-key.ts';

/** Keys of `did:key` that are kept, because making one costs a tenth of using it. */
const MAX_KEPT = 1_000;
/** Characters of a keyid or of a URL that an answer repeats. */
const MAX_QUOTED_LENGTH = 200;

/** A key, and the DID of the agent that signs with it. */
export interface AgentKey {
  readonly did: string;
  readonly key: PublicKey;
}

/** The names that a signature gives to its key. */
export interface KeyNames {
  readonly keyId: string;
  /** `Signature-Agent`, where the signature covers it, with the label of the member that it covers. */
  readonly signatureAgent:
    | { readonly field: string; readonly label: string | undefined }
    | undefined;
}

/** @throws SignatureRefused where there is no such key */
export type FindKey = (names: KeyNames) => AgentKey | Promise<AgentKey>;

export function createFindKey(options: FetchOptions = {}): FindKey {
  const didKeys = new LRUCache<string, AgentKey>({ max: MAX_KEPT });
  const documents = new Documents<DidKeys>(
    { accept: 'application/did+json, application/json', urlOf: urlOfDidWeb, read: readDidDocument },
    options,
  );
  const directories = new Documents<DirectoryKeys>(
    {
      accept: 'application/http-message-signatures-directory+json',
      urlOf: urlOfDirectory,
      read: readDirectory,
    },
    options,
  );
  return ({ keyId, signatureAgent }) => {
    const kept = didKeys.get(keyId);
    if (kept !== undefined) return kept;
    const [did = '', fragment] = keyId.split(/(?=#)/, 2);
    if (did.startsWith('did:key:')) {
      const found = readDidKey(did, fragment);
      didKeys.set(keyId, found);
      return found;
    }
    if (did.startsWith('did:web:')) return findInDocument(documents, did, fragment);
    if (signatureAgent !== undefined) return findInDirectory(directories, keyId, signatureAgent);
    throw unknownKey(
      'keyid is neither a did:key nor a did:web, and the signature covers no Signature-Agent.',
    );
  };
}

/** @param fragment names the key again, as the method has it, or is not there */
function readDidKey(did: string, fragment: string | undefined): AgentKey {
  const text = did.slice('did:key:'.length);
  const key = fragment === undefined || fragment === `#${text}` ? fromMultibase(text) : undefined;
  if (key === undefined) throw unknownKey(`${quote(did)} is no did:key of Ed25519 or P-256.`);
  return { did, key };
}

/** @param fragment may be left out where the document has one key alone */
async function findInDocument(
  documents: Documents<DidKeys>,
  did: string,
  fragment: string | undefined,
): Promise<AgentKey> {
  const found = await documents.find(did);
  if ('missing' in found) {
    throw unknownKey(`The document of ${quote(did)} cannot be used: ${found.missing}.`);
  }
  const keys = found.value;
  const sole = keys.size === 1 ? [...keys.values()][0] : undefined;
  const key = fragment === undefined ? sole : keys.get(fragment);
  if (key !== undefined) return { did, key };
  const which = fragment ?? 'alone, so keyid has to name one behind #';
  throw unknownKey(`The document of ${quote(did)} has no key ${quote(which)}.`);
}

async function findInDirectory(
  directories: Documents<DirectoryKeys>,
  keyId: string,
  { field, label }: NonNullable<KeyNames['signatureAgent']>,
): Promise<AgentKey> {
  const url = readSignatureAgent(field, label);
  if (url === undefined) throw unknownKey('Signature-Agent names no origin of https.');
  const found = await directories.find(url.origin);
  if ('missing' in found) {
    throw unknownKey(`The directory of ${quote(url.origin)} cannot be used: ${found.missing}.`);
  }
  const key = found.value.get(keyId);
  if (key === undefined) throw unknownKey(`The directory has no key ${quote(keyId)}.`);
  return { did: didOfOrigin(url), key };
}

function unknownKey(detail: string): SignatureRefused {
  return new SignatureRefused('SIGNATURE_KEY_UNKNOWN', detail);
}

function quote(text: string): string {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}
