import { decodeSignature, SIGNATURE_METADATA } from '@aura/proto';
import type { Metadata } from '@grpc/grpc-js';
import { invalidArgument } from '../errors.ts';
import type { VerifiedSignature } from '../request-scope.ts';
import { agentDid as checkAgentDid } from './validate.ts';

/** Nonces of one request; more are refused. */
const MAX_NONCES = 4;
/** Characters of a nonce, as many as the gateway takes. */
const MAX_NONCE_LENGTH = 256;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads what the gateway says of a request's signature. The gateway's word is taken for it: whoever reaches
 * this port may name any agent anyway.
 *
 * @returns undefined where the request was not signed
 * @throws DomainError `invalid_argument` where it is not as the contract has it
 */
export function signatureOf(metadata: Metadata): VerifiedSignature | undefined {
  const [bytes] = metadata.get(SIGNATURE_METADATA);
  if (bytes === undefined) return undefined;
  const read = Buffer.isBuffer(bytes) ? decode(bytes) : undefined;
  if (read) return read;
  const description = 'must be a VerifiedSignature of the contract';
  throw invalidArgument([{ field: SIGNATURE_METADATA, description }]);
}

function decode(bytes: Buffer): VerifiedSignature | undefined {
  try {
    const {
      agentDid,
      nonces,
      validUntilTimestamp: validUntil,
      exchangeId,
    } = decodeSignature(bytes);
    const areNonces = nonces.every((each) => each !== '' && each.length <= MAX_NONCE_LENGTH);
    const isSound =
      checkAgentDid(agentDid) === undefined &&
      nonces.length > 0 &&
      nonces.length <= MAX_NONCES &&
      areNonces &&
      validUntil > 0 &&
      UUID.test(exchangeId);
    return isSound ? { agentDid, nonces, validUntil, exchangeId } : undefined;
  } catch {
    return undefined;
  }
}
