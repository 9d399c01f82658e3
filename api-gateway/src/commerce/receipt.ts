import { Type } from '../json-schema.ts';

/** The signed terms of a deal, wherever one is answered. */
export const Receipt = Type.String({
  description:
    'The terms of the deal, signed by the seller: a compact JWS (RFC 7515) by EdDSA, whose keys are at ' +
    '`/.well-known/jwks.json`. It has the hash of the reservation code alone, so it may be shown to others',
});
