/** Why a request's signature is refused; programs tell the reasons apart by these words. */
export type RefusalReason =
  /** The gateway answers only signed requests here. */
  | 'SIGNATURE_REQUIRED'
  /** The fields cannot be read, or use what the gateway does not support. */
  | 'SIGNATURE_MALFORMED'
  /** Something that has to be signed is not. */
  | 'SIGNATURE_INCOMPLETE'
  | 'SIGNATURE_EXPIRED'
  /** The signature is from the future. */
  | 'SIGNATURE_NOT_YET_VALID'
  /** The body is another one than `Content-Digest` says. */
  | 'CONTENT_DIGEST_WRONG'
  /** No key could be had for `keyid`. */
  | 'SIGNATURE_KEY_UNKNOWN'
  | 'SIGNATURE_ALGORITHM_WRONG'
  /** The key did not make this signature over this request. */
  | 'SIGNATURE_WRONG';

/** A request whose signature is refused; it is answered with 401. */
export class SignatureRefused extends Error {
  readonly statusCode = 401;
  readonly code: RefusalReason;

  /** @param detail one sentence that tells the caller what to change */
  constructor(code: RefusalReason, detail: string) {
    super(detail);
    this.code = code;
  }
}
