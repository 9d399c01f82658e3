/**
 * Reads the signatures of a request and builds what each of them signs (RFC 9421, section 2). The package
 * http-message-sig does it too, at more than the cost of the cryptography; the tests hold this to what it does.
 */
import type { InnerList, Item, Parameters } from 'structured-headers';
import {
  isInnerList,
  parseDictionary,
  serializeInnerList,
  serializeItem,
  serializeParameters,
} from 'structured-headers';
import { SignatureRefused } from './refused.ts';

/** Signatures of one request: the agent's, and one of a program that passes the request on. */
const MAX_SIGNATURES = 2;
/** Characters of a mistake that an answer repeats. */
const MAX_QUOTED_LENGTH = 100;

/** A request as far as it can be signed. */
export interface SignedRequest {
  readonly method: string;
  /** The URL that the agent asked for, as it wrote it. */
  readonly targetUri: string;
  /** Names are in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined without a body. */
  readonly body: Buffer | undefined;
}

/** One signature of a request, of which nothing has been verified. */
export interface Signature {
  /** The components that it covers, in their order. */
  readonly components: readonly Component[];
  readonly parameters: Parameters;
  /** What the key has to have signed, in ASCII. */
  readonly base: string;
  readonly bytes: Buffer;
}

interface Component {
  readonly name: string;
  /** The member of a dictionary, where the signature covers no more of the field. */
  readonly key: string | undefined;
}

/** @throws SignatureRefused where the fields cannot be read, or use what is not supported */
export function readSignatures(request: SignedRequest): readonly Signature[] {
  const inputs = dictionaryOf(request, 'signature-input');
  const signatures = dictionaryOf(request, 'signature');
  if (inputs.size === 0) throw malformed('Signature-Input names no signature.');
  if (inputs.size > MAX_SIGNATURES || signatures.size > MAX_SIGNATURES) {
    throw malformed(`A request has at most ${MAX_SIGNATURES} signatures.`);
  }
  if (inputs.size !== signatures.size || [...inputs.keys()].some((each) => !signatures.has(each))) {
    throw malformed('Signature and Signature-Input have different labels.');
  }
  return [...inputs].map(([label, input]) => {
    const [bytes] = signatures.get(label) ?? [];
    if (!isInnerList(input)) throw malformed(`${label} in Signature-Input is no list.`);
    if (!(bytes instanceof ArrayBuffer))
      throw malformed(`${label} in Signature is no byte sequence.`);
    return readSignature(request, input, Buffer.from(bytes));
  });
}

function readSignature(
  request: SignedRequest,
  [items, parameters]: InnerList,
  bytes: Buffer,
): Signature {
  const ids: string[] = [];
  let base = '';
  const components = items.map((item) => {
    const component = readComponent(item);
    const id = serializeItem(item);
    if (ids.includes(id)) throw malformed(`The component ${cut(id)} stands there twice.`);
    ids.push(id);
    base += `${id}: ${valueOf(request, component)}\n`;
    return component;
  });
  base += `"@signature-params": (${ids.join(' ')})${serializeParameters(parameters)}`;
  if (!/^[\t\n\x20-\x7e]*$/.test(base)) throw malformed('What is signed has to be in ASCII.');
  return { components, parameters, base, bytes };
}

function readComponent([name, parameters]: Item): Component {
  if (typeof name !== 'string' || name !== name.toLowerCase()) {
    throw malformed('A component is a text in small letters.');
  }
  const key = parameters.get('key');
  const other = [...parameters.keys()].find((each) => each !== 'key');
  if (other !== undefined)
    throw malformed(`The parameter ${cut(other)} of ${cut(name)} is not supported.`);
  if (key !== undefined && (typeof key !== 'string' || name.startsWith('@'))) {
    throw malformed(`The key of ${cut(name)} is no member of a field.`);
  }
  return { name, key: key as string | undefined };
}

function valueOf(request: SignedRequest, { name, key }: Component): string {
  if (name.startsWith('@')) return derive(request, name);
  if (key === undefined) return fieldOf(request, name);
  const member = dictionaryOf(request, name).get(key);
  if (member === undefined) throw malformed(`The field ${cut(name)} has no member ${cut(key)}.`);
  return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
}

/** Section 2.2 of RFC 9421; what is missing here is not for requests, or not supported. */
function derive({ method, targetUri }: SignedRequest, name: string): string {
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return targetUri;
    case '@authority':
      return new URL(targetUri).host;
    default:
      return partOf(targetUri, name);
  }
}

function partOf(targetUri: string, name: string): string {
  const [, scheme = '', path = '', query = '?'] =
    /^([a-z]+):\/\/[^/?]*([^?]*)(\?.*)?$/s.exec(targetUri) ?? [];
  switch (name) {
    case '@scheme':
      return scheme;
    case '@path':
      return path || '/';
    case '@query':
      return query;
    default:
      throw malformed(`The component ${cut(name)} is not supported.`);
  }
}

/** Node has joined a field that is there several times. @throws SignatureRefused where it is not there */
export function fieldOf({ headers }: SignedRequest, name: string): string {
  const value = headers[name];
  if (value === undefined) throw malformed(`The request has no field ${cut(name)}.`);
  return String(value).trim();
}

function dictionaryOf(request: SignedRequest, name: string) {
  const field = fieldOf(request, name);
  try {
    return parseDictionary(field);
  } catch {
    throw malformed(`The field ${cut(name)} is no dictionary of structured fields.`);
  }
}

function cut(text: string): string {
  return text.slice(0, MAX_QUOTED_LENGTH);
}

export function malformed(detail: string): SignatureRefused {
  return new SignatureRefused('SIGNATURE_MALFORMED', detail);
}
