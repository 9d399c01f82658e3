// Original file: aura/negotiation/v1/negotiation.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { NegotiateRequest as _aura_negotiation_v1_NegotiateRequest, NegotiateRequest__Output as _aura_negotiation_v1_NegotiateRequest__Output } from '../../../aura/negotiation/v1/NegotiateRequest.ts';
import type { NegotiateResponse as _aura_negotiation_v1_NegotiateResponse, NegotiateResponse__Output as _aura_negotiation_v1_NegotiateResponse__Output } from '../../../aura/negotiation/v1/NegotiateResponse.ts';
import type { SearchRequest as _aura_negotiation_v1_SearchRequest, SearchRequest__Output as _aura_negotiation_v1_SearchRequest__Output } from '../../../aura/negotiation/v1/SearchRequest.ts';
import type { SearchResponse as _aura_negotiation_v1_SearchResponse, SearchResponse__Output as _aura_negotiation_v1_SearchResponse__Output } from '../../../aura/negotiation/v1/SearchResponse.ts';

export interface NegotiationServiceClient extends grpc.Client {
  /**
   * One bid in a haggle. Every call is a round; carry `session_token` from answer to answer.
   */
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  Negotiate(argument: _aura_negotiation_v1_NegotiateRequest, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One bid in a haggle. Every call is a round; carry `session_token` from answer to answer.
   */
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  negotiate(argument: _aura_negotiation_v1_NegotiateRequest, callback: grpc.requestCallback<_aura_negotiation_v1_NegotiateResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Finds active items by meaning, best first.
   */
  Search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _aura_negotiation_v1_SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _aura_negotiation_v1_SearchRequest, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Finds active items by meaning, best first.
   */
  search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _aura_negotiation_v1_SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _aura_negotiation_v1_SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _aura_negotiation_v1_SearchRequest, callback: grpc.requestCallback<_aura_negotiation_v1_SearchResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface NegotiationServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One bid in a haggle. Every call is a round; carry `session_token` from answer to answer.
   */
  Negotiate: grpc.handleUnaryCall<_aura_negotiation_v1_NegotiateRequest__Output, _aura_negotiation_v1_NegotiateResponse>;
  
  /**
   * Finds active items by meaning, best first.
   */
  Search: grpc.handleUnaryCall<_aura_negotiation_v1_SearchRequest__Output, _aura_negotiation_v1_SearchResponse>;
  
}

export interface NegotiationServiceDefinition extends grpc.ServiceDefinition {
  Negotiate: MethodDefinition<_aura_negotiation_v1_NegotiateRequest, _aura_negotiation_v1_NegotiateResponse, _aura_negotiation_v1_NegotiateRequest__Output, _aura_negotiation_v1_NegotiateResponse__Output>
  Search: MethodDefinition<_aura_negotiation_v1_SearchRequest, _aura_negotiation_v1_SearchResponse, _aura_negotiation_v1_SearchRequest__Output, _aura_negotiation_v1_SearchResponse__Output>
}
