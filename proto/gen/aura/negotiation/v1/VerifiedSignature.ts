// Original file: aura/negotiation/v1/negotiation.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The gateway sends this in the metadata `aura-signature-bin` of each call whose HTTP request was signed. Core
 * takes the gateway's word that the signature is right, so nobody else may reach core's port.
 */
export interface VerifiedSignature {
  /**
   * The DID that the signature's key belongs to.
   */
  'agentDid'?: (string);
  /**
   * The nonces of the request's signatures, 1 to 4; core takes each of an agent's nonces once.
   */
  'nonces'?: (string)[];
  /**
   * A copy of the request is refused for its age after this Unix time in seconds, so its nonces may be forgotten.
   */
  'validUntilTimestamp'?: (number | string | Long);
  /**
   * A random UUID of the HTTP request: the gateway may send the same request to core again, and a copy has another one.
   */
  'exchangeId'?: (string);
}

/**
 * The gateway sends this in the metadata `aura-signature-bin` of each call whose HTTP request was signed. Core
 * takes the gateway's word that the signature is right, so nobody else may reach core's port.
 */
export interface VerifiedSignature__Output {
  /**
   * The DID that the signature's key belongs to.
   */
  'agentDid': (string);
  /**
   * The nonces of the request's signatures, 1 to 4; core takes each of an agent's nonces once.
   */
  'nonces': (string)[];
  /**
   * A copy of the request is refused for its age after this Unix time in seconds, so its nonces may be forgotten.
   */
  'validUntilTimestamp': (number);
  /**
   * A random UUID of the HTTP request: the gateway may send the same request to core again, and a copy has another one.
   */
  'exchangeId': (string);
}
