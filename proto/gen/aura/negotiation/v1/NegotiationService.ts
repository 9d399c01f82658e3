// Original file: aura/negotiation/v1/negotiation.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetReceiptKeysRequest as _aura_negotiation_v1_GetReceiptKeysRequest, GetReceiptKeysRequest__Output as _aura_negotiation_v1_GetReceiptKeysRequest__Output } from '../../../aura/negotiation/v1/GetReceiptKeysRequest.ts';
import type { GetReceiptKeysResponse as _aura_negotiation_v1_GetReceiptKeysResponse, GetReceiptKeysResponse__Output as _aura_negotiation_v1_GetReceiptKeysResponse__Output } from '../../../aura/negotiation/v1/GetReceiptKeysResponse.ts';
import type { GetReservationRequest as _aura_negotiation_v1_GetReservationRequest, GetReservationRequest__Output as _aura_negotiation_v1_GetReservationRequest__Output } from '../../../aura/negotiation/v1/GetReservationRequest.ts';
import type { GetReservationResponse as _aura_negotiation_v1_GetReservationResponse, GetReservationResponse__Output as _aura_negotiation_v1_GetReservationResponse__Output } from '../../../aura/negotiation/v1/GetReservationResponse.ts';
import type { NegotiateRequest as _aura_negotiation_v1_NegotiateRequest, NegotiateRequest__Output as _aura_negotiation_v1_NegotiateRequest__Output } from '../../../aura/negotiation/v1/NegotiateRequest.ts';
import type { NegotiateResponse as _aura_negotiation_v1_NegotiateResponse, NegotiateResponse__Output as _aura_negotiation_v1_NegotiateResponse__Output } from '../../../aura/negotiation/v1/NegotiateResponse.ts';
import type { ReleaseReservationRequest as _aura_negotiation_v1_ReleaseReservationRequest, ReleaseReservationRequest__Output as _aura_negotiation_v1_ReleaseReservationRequest__Output } from '../../../aura/negotiation/v1/ReleaseReservationRequest.ts';
import type { ReleaseReservationResponse as _aura_negotiation_v1_ReleaseReservationResponse, ReleaseReservationResponse__Output as _aura_negotiation_v1_ReleaseReservationResponse__Output } from '../../../aura/negotiation/v1/ReleaseReservationResponse.ts';
import type { SearchRequest as _aura_negotiation_v1_SearchRequest, SearchRequest__Output as _aura_negotiation_v1_SearchRequest__Output } from '../../../aura/negotiation/v1/SearchRequest.ts';
import type { SearchResponse as _aura_negotiation_v1_SearchResponse, SearchResponse__Output as _aura_negotiation_v1_SearchResponse__Output } from '../../../aura/negotiation/v1/SearchResponse.ts';

export interface NegotiationServiceClient extends grpc.Client {
  /**
   * Tells the public keys that receipts are verified with.
   */
  GetReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  GetReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  GetReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  GetReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells the public keys that receipts are verified with.
   */
  getReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  getReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  getReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  getReceiptKeys(argument: _aura_negotiation_v1_GetReceiptKeysRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetReceiptKeysResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells what became of a deal to anyone who has its code.
   */
  GetReservation(argument: _aura_negotiation_v1_GetReservationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  GetReservation(argument: _aura_negotiation_v1_GetReservationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  GetReservation(argument: _aura_negotiation_v1_GetReservationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  GetReservation(argument: _aura_negotiation_v1_GetReservationRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells what became of a deal to anyone who has its code.
   */
  getReservation(argument: _aura_negotiation_v1_GetReservationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  getReservation(argument: _aura_negotiation_v1_GetReservationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  getReservation(argument: _aura_negotiation_v1_GetReservationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  getReservation(argument: _aura_negotiation_v1_GetReservationRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetReservationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Answers one bid. Every call is a round of a haggle, which `session_token` carries from answer to
   * answer.
   */
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Answers one bid. Every call is a round of a haggle, which `session_token` carries from answer to
   * answer.
   */
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Releases a held reservation. Releasing it again changes nothing.
   */
  ReleaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  ReleaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  ReleaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  ReleaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Releases a held reservation. Releasing it again changes nothing.
   */
  releaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  releaseReservation(argument: _aura_negotiation_v1_ReleaseReservationRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseReservationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Finds active items by meaning and by their words, best first.
   */
  Search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _aura_negotiation_v1_SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _aura_negotiation_v1_SearchRequest, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Finds active items by meaning and by their words, best first.
   */
  search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _aura_negotiation_v1_SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _aura_negotiation_v1_SearchRequest, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface NegotiationServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Tells the public keys that receipts are verified with.
   */
  GetReceiptKeys: grpc.handleUnaryCall<_aura_negotiation_v1_GetReceiptKeysRequest__Output, _aura_negotiation_v1_GetReceiptKeysResponse>;
  
  /**
   * Tells what became of a deal to anyone who has its code.
   */
  GetReservation: grpc.handleUnaryCall<_aura_negotiation_v1_GetReservationRequest__Output, _aura_negotiation_v1_GetReservationResponse>;
  
  /**
   * Answers one bid. Every call is a round of a haggle, which `session_token` carries from answer to
   * answer.
   */
  Negotiate: grpc.handleUnaryCall<_aura_negotiation_v1_NegotiateRequest__Output, _aura_negotiation_v1_NegotiateResponse>;
  
  /**
   * Releases a held reservation. Releasing it again changes nothing.
   */
  ReleaseReservation: grpc.handleUnaryCall<_aura_negotiation_v1_ReleaseReservationRequest__Output, _aura_negotiation_v1_ReleaseReservationResponse>;
  
  /**
   * Finds active items by meaning and by their words, best first.
   */
  Search: grpc.handleUnaryCall<_aura_negotiation_v1_SearchRequest__Output, _aura_negotiation_v1_SearchResponse>;
  
}

export interface NegotiationServiceDefinition extends grpc.ServiceDefinition {
  GetReceiptKeys: MethodDefinition<_aura_negotiation_v1_GetReceiptKeysRequest, _aura_negotiation_v1_GetReceiptKeysResponse, _aura_negotiation_v1_GetReceiptKeysRequest__Output, _aura_negotiation_v1_GetReceiptKeysResponse__Output>
  GetReservation: MethodDefinition<_aura_negotiation_v1_GetReservationRequest, _aura_negotiation_v1_GetReservationResponse, _aura_negotiation_v1_GetReservationRequest__Output, _aura_negotiation_v1_GetReservationResponse__Output>
  Negotiate: MethodDefinition<_aura_negotiation_v1_NegotiateRequest, _aura_negotiation_v1_NegotiateResponse, _aura_negotiation_v1_NegotiateRequest__Output, _aura_negotiation_v1_NegotiateResponse__Output>
  ReleaseReservation: MethodDefinition<_aura_negotiation_v1_ReleaseReservationRequest, _aura_negotiation_v1_ReleaseReservationResponse, _aura_negotiation_v1_ReleaseReservationRequest__Output, _aura_negotiation_v1_ReleaseReservationResponse__Output>
  Search: MethodDefinition<_aura_negotiation_v1_SearchRequest, _aura_negotiation_v1_SearchResponse, _aura_negotiation_v1_SearchRequest__Output, _aura_negotiation_v1_SearchResponse__Output>
}
