/** Verifies the signatures of a request by HTTP Message Signatures (RFC 9421). */
import { randomUUID } from 'node:crypto';
import type { Covered } from './coverage.ts';
import { checkCoverage } from './coverage.ts';
import { checkContentDigest } from './content-digest.ts';
import type { AgentKey, FindKey, KeyNames } from './keys/find-key.ts';
import { createFindKey } from './keys/find-key.ts';
import { isSignedBy } from './keys/public-key.ts';
import { SignatureRefused } from './refused.ts';
import type { Signature, SignedRequest } from './signature-base.ts';
import { fieldOf, malformed, readSignatures } from './signature-base.ts';

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
 * @throws SignatureRefused
 */
async function verifyRequest(
  request: SignedRequest,
  findKey: FindKey,
  now: number,
): Promise<VerifiedAgent> {
  const signed: (AgentKey & Covered)[] = [];
  for (const signature of readSignatures(request)) {
    signed.push(await verifyOne(request, signature, findKey, now));
  }
  const [first] = signed;
  if (first === undefined || signed.some(({ did }) => did !== first.did)) {
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

async function verifyOne(
  request: SignedRequest,
  signature: Signature,
  findKey: FindKey,
  now: number,
): Promise<AgentKey & Covered> {
  const covered = checkCoverage(signature, { hasBody: request.body !== undefined, now });
  const signatureAgent = signatureAgentOf(request, signature);
  const agent = await findKey({ keyId: covered.keyId, signatureAgent });
  const { algorithm } = agent.key;
  if (covered.algorithm !== undefined && covered.algorithm !== algorithm) {
    const detail = `alg says another algorithm than ${algorithm}, which the key is of.`;
    throw new SignatureRefused('SIGNATURE_ALGORITHM_WRONG', detail);
  }
  if (!isSignedBy(agent.key, Buffer.from(signature.base, 'latin1'), signature.bytes)) {
    const detail = `The key did not sign this request, whose target URI is taken to be ${request.targetUri}.`;
    throw new SignatureRefused('SIGNATURE_WRONG', detail);
  }
  return { ...covered, ...agent };
}

function signatureAgentOf(
  request: SignedRequest,
  { components }: Signature,
): KeyNames['signatureAgent'] {
  const covered = components.find(({ name }) => name === 'signature-agent');
  return covered && { field: fieldOf(request, 'signature-agent'), label: covered.key };
}
