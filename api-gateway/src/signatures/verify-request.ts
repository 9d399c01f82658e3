/**
 * Verifies the signatures of a request (RFC 9421). The package http-message-sig reads the fields and builds the
 * signature base, strictly; what has to be signed, whose key it is and the cryptography are decided here.
 */
import { randomUUID } from 'node:crypto';
import type { UntrustedSignatureCandidate } from 'http-message-sig';
import { isSignatureError, SignatureErrorCode, verifySignature } from 'http-message-sig';
import { parseDictionary } from 'structured-headers';
import type { Covered } from './coverage.ts';
import { checkCoverage } from './coverage.ts';
import { checkContentDigest } from './content-digest.ts';
import type { AgentKey, FindKey, KeyNames } from './keys/find-key.ts';
import { createFindKey } from './keys/find-key.ts';
import { ALGORITHMS, isSignedBy } from './keys/public-key.ts';
import { SignatureRefused } from './refused.ts';

/** Signatures of one request: the agent's, and one of a program that passes the request on. */
const MAX_SIGNATURES = 2;
/** Characters of a mistake that an answer repeats. */
const MAX_DETAIL_LENGTH = 200;

/** The package checks the algorithm; {@link checkCoverage} checks the rest, and names all that is missing. */
const POLICY = {
  algorithms: ALGORITHMS,
  requiredComponents: [],
  requiredParameters: [],
  clockSkew: Number.MAX_SAFE_INTEGER,
} as const;

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

/** The agent that signed a request, with what tells the request from a copy of it. */
export interface VerifiedAgent {
  readonly did: string;
  readonly nonces: string[];
  /** Unix seconds until which a copy would pass but for its nonces. */
  readonly validUntil: number;
  /** A random UUID of this request, which a copy of it has not. */
  readonly exchangeId: string;
}

/** @param now Unix seconds */
export type VerifyRequest = (request: SignedRequest, now: number) => Promise<VerifiedAgent>;

export function createVerifier(findKey: FindKey = createFindKey()): VerifyRequest {
  return (request, now) => verifyRequest(request, findKey, now);
}

/**
 * Verifies each signature of a request; all of them have to be right, and one agent's.
 *
 * @param now Unix seconds
 * @throws SignatureRefused
 */
async function verifyRequest(
  request: SignedRequest,
  findKey: FindKey,
  now: number,
): Promise<VerifiedAgent> {
  const signed: (AgentKey & Covered)[] = [];
  for (const label of labelsOf(fieldOf(request, 'signature-input'))) {
    signed.push(await verifyOne(request, label, findKey, now));
  }
  const [first] = signed;
  if (first === undefined) throw malformed('Signature-Input names no signature.');
  if (signed.some(({ did }) => did !== first.did)) {
    throw malformed('The request has signatures of two agents.');
  }
  if (request.body) checkContentDigest(fieldOf(request, 'content-digest'), request.body);
  return {
    did: first.did,
    nonces: signed.map(({ nonce }) => nonce),
    validUntil: Math.max(...signed.map(({ validUntil }) => validUntil)),
    exchangeId: randomUUID(),
  };
}

function labelsOf(field: string): readonly string[] {
  let labels: readonly string[];
  try {
    labels = [...parseDictionary(field).keys()];
  } catch {
    throw malformed('Signature-Input is no dictionary of structured fields.');
  }
  if (labels.length > MAX_SIGNATURES) {
    throw malformed(`A request has at most ${MAX_SIGNATURES} signatures.`);
  }
  return labels;
}

async function verifyOne(
  request: SignedRequest,
  label: string,
  findKey: FindKey,
  now: number,
): Promise<AgentKey & Covered> {
  let signer: (AgentKey & Covered) | undefined;
  try {
    await verifySignature(toDescriptor(request), {
      label,
      policy: POLICY,
      resolveVerifier: async (candidate) => {
        const hasBody = request.body !== undefined;
        const covered = checkCoverage(plainNames(candidate), candidate.parameters, {
          hasBody,
          now,
        });
        const names = { keyId: covered.keyId, signatureAgent: agentFieldOf(request, candidate) };
        const { did, key } = await findKey(names);
        signer = { ...covered, did, key };
        const { algorithm } = key;
        return { algorithm, verify: (data, signature) => isSignedBy(key, data, signature) };
      },
    });
  } catch (error) {
    throw toRefusal(error, request);
  }
  if (signer === undefined) throw malformed('The signature could not be read.');
  return signer;
}

/** Makes what the package reads; of the fields only those that the signatures can cover. */
function toDescriptor({ method, targetUri, headers }: SignedRequest) {
  const inputs = String(headers['signature-input']);
  const fields = Object.entries(headers).flatMap(([name, value]) => {
    const isRead = name.startsWith('signature') || inputs.includes(`"${name}"`);
    return isRead && value !== undefined ? [{ name, value: String(value) }] : [];
  });
  return { kind: 'request', method, targetUri, fields } as const;
}

function plainNames({ components }: UntrustedSignatureCandidate): ReadonlySet<string> {
  const plain = components.filter(({ parameters }) => Object.keys(parameters).length === 0);
  return new Set(plain.map(({ name }) => name));
}

function agentFieldOf(
  { headers }: SignedRequest,
  { components }: UntrustedSignatureCandidate,
): KeyNames['signatureAgent'] {
  const covered = components.find(({ name }) => name === 'signature-agent');
  const field = headers['signature-agent'];
  if (covered === undefined || field === undefined) return undefined;
  return { field: String(field), label: covered.parameters['key'] as string | undefined };
}

function fieldOf({ headers }: SignedRequest, name: string): string {
  const value = headers[name];
  if (value === undefined) throw malformed(`The request has no field ${name}.`);
  return String(value);
}

function toRefusal(error: unknown, { targetUri }: SignedRequest): unknown {
  if (!isSignatureError(error)) return error;
  if (error.cause instanceof SignatureRefused) return error.cause;
  switch (error.code) {
    case SignatureErrorCode.VerificationFailed: {
      const detail = `The key did not sign this request, whose target URI is taken to be ${targetUri}.`;
      return new SignatureRefused('SIGNATURE_WRONG', detail);
    }
    case SignatureErrorCode.AlgorithmMismatch:
    case SignatureErrorCode.PolicyViolation:
      return new SignatureRefused('SIGNATURE_ALGORITHM_WRONG', sentence(error.message));
    case SignatureErrorCode.ResolverFailed:
      return error.cause;
    default:
      return malformed(sentence(error.message));
  }
}

function sentence(message: string): string {
  return `${message.slice(0, MAX_DETAIL_LENGTH)}.`;
}

function malformed(detail: string): SignatureRefused {
  return new SignatureRefused('SIGNATURE_MALFORMED', detail);
}
