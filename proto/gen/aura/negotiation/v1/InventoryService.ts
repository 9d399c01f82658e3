// Original file: aura/negotiation/v1/inventory.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExportItemsRequest as _aura_negotiation_v1_ExportItemsRequest, ExportItemsRequest__Output as _aura_negotiation_v1_ExportItemsRequest__Output } from '../../../aura/negotiation/v1/ExportItemsRequest.ts';
import type { ExportItemsResponse as _aura_negotiation_v1_ExportItemsResponse, ExportItemsResponse__Output as _aura_negotiation_v1_ExportItemsResponse__Output } from '../../../aura/negotiation/v1/ExportItemsResponse.ts';
import type { GetItemRequest as _aura_negotiation_v1_GetItemRequest, GetItemRequest__Output as _aura_negotiation_v1_GetItemRequest__Output } from '../../../aura/negotiation/v1/GetItemRequest.ts';
import type { GetItemResponse as _aura_negotiation_v1_GetItemResponse, GetItemResponse__Output as _aura_negotiation_v1_GetItemResponse__Output } from '../../../aura/negotiation/v1/GetItemResponse.ts';
import type { ImportItemsRequest as _aura_negotiation_v1_ImportItemsRequest, ImportItemsRequest__Output as _aura_negotiation_v1_ImportItemsRequest__Output } from '../../../aura/negotiation/v1/ImportItemsRequest.ts';
import type { ImportItemsResponse as _aura_negotiation_v1_ImportItemsResponse, ImportItemsResponse__Output as _aura_negotiation_v1_ImportItemsResponse__Output } from '../../../aura/negotiation/v1/ImportItemsResponse.ts';
import type { ReindexItemsRequest as _aura_negotiation_v1_ReindexItemsRequest, ReindexItemsRequest__Output as _aura_negotiation_v1_ReindexItemsRequest__Output } from '../../../aura/negotiation/v1/ReindexItemsRequest.ts';
import type { ReindexItemsResponse as _aura_negotiation_v1_ReindexItemsResponse, ReindexItemsResponse__Output as _aura_negotiation_v1_ReindexItemsResponse__Output } from '../../../aura/negotiation/v1/ReindexItemsResponse.ts';
import type { SetItemsActiveRequest as _aura_negotiation_v1_SetItemsActiveRequest, SetItemsActiveRequest__Output as _aura_negotiation_v1_SetItemsActiveRequest__Output } from '../../../aura/negotiation/v1/SetItemsActiveRequest.ts';
import type { SetItemsActiveResponse as _aura_negotiation_v1_SetItemsActiveResponse, SetItemsActiveResponse__Output as _aura_negotiation_v1_SetItemsActiveResponse__Output } from '../../../aura/negotiation/v1/SetItemsActiveResponse.ts';

export interface InventoryServiceClient extends grpc.Client {
  /**
   * Sends every item in the order of the ids, as an import takes it.
   */
  ExportItems(argument: _aura_negotiation_v1_ExportItemsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ExportItemsResponse__Output>;
  ExportItems(argument: _aura_negotiation_v1_ExportItemsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ExportItemsResponse__Output>;
  /**
   * Sends every item in the order of the ids, as an import takes it.
   */
  exportItems(argument: _aura_negotiation_v1_ExportItemsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ExportItemsResponse__Output>;
  exportItems(argument: _aura_negotiation_v1_ExportItemsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ExportItemsResponse__Output>;
  
  GetItem(argument: _aura_negotiation_v1_GetItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  GetItem(argument: _aura_negotiation_v1_GetItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  GetItem(argument: _aura_negotiation_v1_GetItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  GetItem(argument: _aura_negotiation_v1_GetItemRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  getItem(argument: _aura_negotiation_v1_GetItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  getItem(argument: _aura_negotiation_v1_GetItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  getItem(argument: _aura_negotiation_v1_GetItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  getItem(argument: _aura_negotiation_v1_GetItemRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetItemResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Adds and updates all the items that are sent or, when one has a mistake, none. The stream of
   * answers tells what was written, and then how far the embedding is, which goes on after the last
   * item was sent.
   */
  ImportItems(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_aura_negotiation_v1_ImportItemsRequest, _aura_negotiation_v1_ImportItemsResponse__Output>;
  ImportItems(options?: grpc.CallOptions): grpc.ClientDuplexStream<_aura_negotiation_v1_ImportItemsRequest, _aura_negotiation_v1_ImportItemsResponse__Output>;
  /**
   * Adds and updates all the items that are sent or, when one has a mistake, none. The stream of
   * answers tells what was written, and then how far the embedding is, which goes on after the last
   * item was sent.
   */
  importItems(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_aura_negotiation_v1_ImportItemsRequest, _aura_negotiation_v1_ImportItemsResponse__Output>;
  importItems(options?: grpc.CallOptions): grpc.ClientDuplexStream<_aura_negotiation_v1_ImportItemsRequest, _aura_negotiation_v1_ImportItemsResponse__Output>;
  
  /**
   * Embeds the items that have no vector of core's embedder, and replaces those of another embedder
   * without a question. A call after one that was cut off goes on from there.
   */
  ReindexItems(argument: _aura_negotiation_v1_ReindexItemsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ReindexItemsResponse__Output>;
  ReindexItems(argument: _aura_negotiation_v1_ReindexItemsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ReindexItemsResponse__Output>;
  /**
   * Embeds the items that have no vector of core's embedder, and replaces those of another embedder
   * without a question. A call after one that was cut off goes on from there.
   */
  reindexItems(argument: _aura_negotiation_v1_ReindexItemsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ReindexItemsResponse__Output>;
  reindexItems(argument: _aura_negotiation_v1_ReindexItemsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_aura_negotiation_v1_ReindexItemsResponse__Output>;
  
  /**
   * Takes items off sale or puts them on again, all or none.
   */
  SetItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  SetItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  SetItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  SetItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes items off sale or puts them on again, all or none.
   */
  setItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  setItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  setItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  setItemsActive(argument: _aura_negotiation_v1_SetItemsActiveRequest, callback: grpc.requestCallback<_aura_negotiation_v1_SetItemsActiveResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface InventoryServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Sends every item in the order of the ids, as an import takes it.
   */
  ExportItems: grpc.handleServerStreamingCall<_aura_negotiation_v1_ExportItemsRequest__Output, _aura_negotiation_v1_ExportItemsResponse>;
  
  GetItem: grpc.handleUnaryCall<_aura_negotiation_v1_GetItemRequest__Output, _aura_negotiation_v1_GetItemResponse>;
  
  /**
   * Adds and updates all the items that are sent or, when one has a mistake, none. The stream of
   * answers tells what was written, and then how far the embedding is, which goes on after the last
   * item was sent.
   */
  ImportItems: grpc.handleBidiStreamingCall<_aura_negotiation_v1_ImportItemsRequest__Output, _aura_negotiation_v1_ImportItemsResponse>;
  
  /**
   * Embeds the items that have no vector of core's embedder, and replaces those of another embedder
   * without a question. A call after one that was cut off goes on from there.
   */
  ReindexItems: grpc.handleServerStreamingCall<_aura_negotiation_v1_ReindexItemsRequest__Output, _aura_negotiation_v1_ReindexItemsResponse>;
  
  /**
   * Takes items off sale or puts them on again, all or none.
   */
  SetItemsActive: grpc.handleUnaryCall<_aura_negotiation_v1_SetItemsActiveRequest__Output, _aura_negotiation_v1_SetItemsActiveResponse>;
  
}

export interface InventoryServiceDefinition extends grpc.ServiceDefinition {
  ExportItems: MethodDefinition<_aura_negotiation_v1_ExportItemsRequest, _aura_negotiation_v1_ExportItemsResponse, _aura_negotiation_v1_ExportItemsRequest__Output, _aura_negotiation_v1_ExportItemsResponse__Output>
  GetItem: MethodDefinition<_aura_negotiation_v1_GetItemRequest, _aura_negotiation_v1_GetItemResponse, _aura_negotiation_v1_GetItemRequest__Output, _aura_negotiation_v1_GetItemResponse__Output>
  ImportItems: MethodDefinition<_aura_negotiation_v1_ImportItemsRequest, _aura_negotiation_v1_ImportItemsResponse, _aura_negotiation_v1_ImportItemsRequest__Output, _aura_negotiation_v1_ImportItemsResponse__Output>
  ReindexItems: MethodDefinition<_aura_negotiation_v1_ReindexItemsRequest, _aura_negotiation_v1_ReindexItemsResponse, _aura_negotiation_v1_ReindexItemsRequest__Output, _aura_negotiation_v1_ReindexItemsResponse__Output>
  SetItemsActive: MethodDefinition<_aura_negotiation_v1_SetItemsActiveRequest, _aura_negotiation_v1_SetItemsActiveResponse, _aura_negotiation_v1_SetItemsActiveRequest__Output, _aura_negotiation_v1_SetItemsActiveResponse__Output>
}
