/** Receipts: the terms of a deal, signed, so that the buyer can show them to anybody (docs/receipts.md). */
import { createHash } from 'node:crypto';
import { formatPlain } from '../money.ts';
import type { ReceiptKey } from '../receipt-keys.ts';

/** `typ` in the header, so that no other thing which a key of ours signs can pass for a receipt (RFC 8725, 3.11). */
const TYPE = 'aura-receipt+jwt';

/** What a deal was made on. */
export interface DealTerms {
  /** A secret, of which the receipt has the hash alone. */
  readonly reservationCode: string;
  readonly itemId: string;
  readonly priceMinor: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly agentDid: string;
  /** The agent signed the bid. */
  readonly isVerified: boolean;
  readonly policyVersion: string;
  /** The span of the bid, as a W3C traceparent; null where it was not traced. */
  readonly traceparent: string | null;
}

/** The claims of a receipt. */
export interface Receipt {
  /** Unix seconds, by core's clock. */
  readonly iat: number;
  /** SHA-256 of the code in hexadecimal; the code is written as it was given, with its hyphens. */
  readonly reservation_code_sha256: string;
  readonly item_id: string;
  /** Major units in decimal digits, as many behind the point as the currency has. */
  readonly price: string;
  readonly currency: string;
  readonly agent_did: string;
  readonly agent_verified: boolean;
  readonly policy_version: string;
  /** 32 hexadecimal digits; absent where the bid was not traced. */
  readonly trace_id?: string;
}

/**
 * Signs the terms of a deal, by Ed25519 (`alg` EdDSA, RFC 8037).
 *
 * @param keys of which the first signs
 * @returns a compact JWS, or null where there is no key
 */
export async function signReceipt(
  [key]: readonly ReceiptKey[],
  terms: DealTerms,
): Promise<string | null> {
  if (key === undefined) return null;
  // A core that makes no deal never loads it.
  const { CompactSign } = await import('jose');
  return await new CompactSign(Buffer.from(JSON.stringify(toClaims(terms))))
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: TYPE })
    .sign(key.privateKey);
}

function toClaims(terms: DealTerms): Receipt {
  const traceId = terms.traceparent?.split('-')[1];
  return {
    iat: Math.floor(Date.now() / 1_000),
    reservation_code_sha256: createHash('sha256').update(terms.reservationCode).digest('hex'),
    item_id: terms.itemId,
    price: formatPlain(terms.priceMinor, terms.currency),
    currency: terms.currency,
    agent_did: terms.agentDid,
    agent_verified: terms.isVerified,
    policy_version: terms.policyVersion,
    ...(traceId !== undefined && { trace_id: traceId }),
  };
}

/** Why a receipt is not taken, in words that follow its name. */
export class BadReceiptError extends Error {}

/** @throws BadReceiptError */
export async function verifyReceipt(
  keys: readonly ReceiptKey[],
  receipt: string,
): Promise<{ readonly kid: string; readonly claims: Receipt }> {
  const { compactVerify, errors } = await import('jose');
  try {
    const verified = await compactVerify(
      receipt,
      ({ kid = '' }) => {
        const key = keys.find((each) => each.kid === kid);
        if (key) return key.publicKey;
        throw new BadReceiptError(
          `is signed by the key ${JSON.stringify(kid)}, which is none here`,
        );
      },
      { algorithms: ['EdDSA'] },
    );
    const { kid = '', typ } = verified.protectedHeader;
    if (typ !== TYPE) throw new BadReceiptError('is signed, but it is no receipt');
    return { kid, claims: JSON.parse(Buffer.from(verified.payload).toString()) as Receipt };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new BadReceiptError('has a signature that is wrong: something in it was changed');
    }
    if (error instanceof errors.JOSEError) throw new BadReceiptError('is no compact JWS of EdDSA');
    throw error;
  }
}
