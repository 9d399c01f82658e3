// Original file: aura/negotiation/v1/deal.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApproveDealRequest as _aura_negotiation_v1_ApproveDealRequest, ApproveDealRequest__Output as _aura_negotiation_v1_ApproveDealRequest__Output } from '../../../aura/negotiation/v1/ApproveDealRequest.ts';
import type { ApproveDealResponse as _aura_negotiation_v1_ApproveDealResponse, ApproveDealResponse__Output as _aura_negotiation_v1_ApproveDealResponse__Output } from '../../../aura/negotiation/v1/ApproveDealResponse.ts';
import type { ConfirmDealRequest as _aura_negotiation_v1_ConfirmDealRequest, ConfirmDealRequest__Output as _aura_negotiation_v1_ConfirmDealRequest__Output } from '../../../aura/negotiation/v1/ConfirmDealRequest.ts';
import type { ConfirmDealResponse as _aura_negotiation_v1_ConfirmDealResponse, ConfirmDealResponse__Output as _aura_negotiation_v1_ConfirmDealResponse__Output } from '../../../aura/negotiation/v1/ConfirmDealResponse.ts';
import type { DeclineDealRequest as _aura_negotiation_v1_DeclineDealRequest, DeclineDealRequest__Output as _aura_negotiation_v1_DeclineDealRequest__Output } from '../../../aura/negotiation/v1/DeclineDealRequest.ts';
import type { DeclineDealResponse as _aura_negotiation_v1_DeclineDealResponse, DeclineDealResponse__Output as _aura_negotiation_v1_DeclineDealResponse__Output } from '../../../aura/negotiation/v1/DeclineDealResponse.ts';
import type { ListDealsRequest as _aura_negotiation_v1_ListDealsRequest, ListDealsRequest__Output as _aura_negotiation_v1_ListDealsRequest__Output } from '../../../aura/negotiation/v1/ListDealsRequest.ts';
import type { ListDealsResponse as _aura_negotiation_v1_ListDealsResponse, ListDealsResponse__Output as _aura_negotiation_v1_ListDealsResponse__Output } from '../../../aura/negotiation/v1/ListDealsResponse.ts';
import type { ReleaseDealRequest as _aura_negotiation_v1_ReleaseDealRequest, ReleaseDealRequest__Output as _aura_negotiation_v1_ReleaseDealRequest__Output } from '../../../aura/negotiation/v1/ReleaseDealRequest.ts';
import type { ReleaseDealResponse as _aura_negotiation_v1_ReleaseDealResponse, ReleaseDealResponse__Output as _aura_negotiation_v1_ReleaseDealResponse__Output } from '../../../aura/negotiation/v1/ReleaseDealResponse.ts';

export interface DealServiceClient extends grpc.Client {
  /**
   * Turns a bid that waits into a reservation.
   */
  ApproveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  ApproveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  ApproveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  ApproveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Turns a bid that waits into a reservation.
   */
  approveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  approveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  approveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  approveDeal(argument: _aura_negotiation_v1_ApproveDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ApproveDealResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Confirms a held reservation for good.
   */
  ConfirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  ConfirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  ConfirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  ConfirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Confirms a held reservation for good.
   */
  confirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  confirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  confirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  confirmDeal(argument: _aura_negotiation_v1_ConfirmDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ConfirmDealResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Declines a bid that waits.
   */
  DeclineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  DeclineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  DeclineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  DeclineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Declines a bid that waits.
   */
  declineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  declineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  declineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  declineDeal(argument: _aura_negotiation_v1_DeclineDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_DeclineDealResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists reservations, and bids that wait or waited for a person, the latest first.
   */
  ListDeals(argument: _aura_negotiation_v1_ListDealsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  ListDeals(argument: _aura_negotiation_v1_ListDealsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  ListDeals(argument: _aura_negotiation_v1_ListDealsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  ListDeals(argument: _aura_negotiation_v1_ListDealsRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists reservations, and bids that wait or waited for a person, the latest first.
   */
  listDeals(argument: _aura_negotiation_v1_ListDealsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  listDeals(argument: _aura_negotiation_v1_ListDealsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  listDeals(argument: _aura_negotiation_v1_ListDealsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  listDeals(argument: _aura_negotiation_v1_ListDealsRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ListDealsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Takes back a held or confirmed reservation.
   */
  ReleaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  ReleaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  ReleaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  ReleaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes back a held or confirmed reservation.
   */
  releaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  releaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  releaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  releaseDeal(argument: _aura_negotiation_v1_ReleaseDealRequest, callback: grpc.requestCallback<_aura_negotiation_v1_ReleaseDealResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface DealServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Turns a bid that waits into a reservation.
   */
  ApproveDeal: grpc.handleUnaryCall<_aura_negotiation_v1_ApproveDealRequest__Output, _aura_negotiation_v1_ApproveDealResponse>;
  
  /**
   * Confirms a held reservation for good.
   */
  ConfirmDeal: grpc.handleUnaryCall<_aura_negotiation_v1_ConfirmDealRequest__Output, _aura_negotiation_v1_ConfirmDealResponse>;
  
  /**
   * Declines a bid that waits.
   */
  DeclineDeal: grpc.handleUnaryCall<_aura_negotiation_v1_DeclineDealRequest__Output, _aura_negotiation_v1_DeclineDealResponse>;
  
  /**
   * Lists reservations, and bids that wait or waited for a person, the latest first.
   */
  ListDeals: grpc.handleUnaryCall<_aura_negotiation_v1_ListDealsRequest__Output, _aura_negotiation_v1_ListDealsResponse>;
  
  /**
   * Takes back a held or confirmed reservation.
   */
  ReleaseDeal: grpc.handleUnaryCall<_aura_negotiation_v1_ReleaseDealRequest__Output, _aura_negotiation_v1_ReleaseDealResponse>;
  
}

export interface DealServiceDefinition extends grpc.ServiceDefinition {
  ApproveDeal: MethodDefinition<_aura_negotiation_v1_ApproveDealRequest, _aura_negotiation_v1_ApproveDealResponse, _aura_negotiation_v1_ApproveDealRequest__Output, _aura_negotiation_v1_ApproveDealResponse__Output>
  ConfirmDeal: MethodDefinition<_aura_negotiation_v1_ConfirmDealRequest, _aura_negotiation_v1_ConfirmDealResponse, _aura_negotiation_v1_ConfirmDealRequest__Output, _aura_negotiation_v1_ConfirmDealResponse__Output>
  DeclineDeal: MethodDefinition<_aura_negotiation_v1_DeclineDealRequest, _aura_negotiation_v1_DeclineDealResponse, _aura_negotiation_v1_DeclineDealRequest__Output, _aura_negotiation_v1_DeclineDealResponse__Output>
  ListDeals: MethodDefinition<_aura_negotiation_v1_ListDealsRequest, _aura_negotiation_v1_ListDealsResponse, _aura_negotiation_v1_ListDealsRequest__Output, _aura_negotiation_v1_ListDealsResponse__Output>
  ReleaseDeal: MethodDefinition<_aura_negotiation_v1_ReleaseDealRequest, _aura_negotiation_v1_ReleaseDealResponse, _aura_negotiation_v1_ReleaseDealRequest__Output, _aura_negotiation_v1_ReleaseDealResponse__Output>
}
