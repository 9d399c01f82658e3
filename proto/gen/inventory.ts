import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { EmbeddingProgress as _aura_negotiation_v1_EmbeddingProgress, EmbeddingProgress__Output as _aura_negotiation_v1_EmbeddingProgress__Output } from './aura/negotiation/v1/EmbeddingProgress.ts';
import type { ExportItemsRequest as _aura_negotiation_v1_ExportItemsRequest, ExportItemsRequest__Output as _aura_negotiation_v1_ExportItemsRequest__Output } from './aura/negotiation/v1/ExportItemsRequest.ts';
import type { ExportItemsResponse as _aura_negotiation_v1_ExportItemsResponse, ExportItemsResponse__Output as _aura_negotiation_v1_ExportItemsResponse__Output } from './aura/negotiation/v1/ExportItemsResponse.ts';
import type { GetItemRequest as _aura_negotiation_v1_GetItemRequest, GetItemRequest__Output as _aura_negotiation_v1_GetItemRequest__Output } from './aura/negotiation/v1/GetItemRequest.ts';
import type { GetItemResponse as _aura_negotiation_v1_GetItemResponse, GetItemResponse__Output as _aura_negotiation_v1_GetItemResponse__Output } from './aura/negotiation/v1/GetItemResponse.ts';
import type { ImportItemsRequest as _aura_negotiation_v1_ImportItemsRequest, ImportItemsRequest__Output as _aura_negotiation_v1_ImportItemsRequest__Output } from './aura/negotiation/v1/ImportItemsRequest.ts';
import type { ImportItemsResponse as _aura_negotiation_v1_ImportItemsResponse, ImportItemsResponse__Output as _aura_negotiation_v1_ImportItemsResponse__Output } from './aura/negotiation/v1/ImportItemsResponse.ts';
import type { ImportedItems as _aura_negotiation_v1_ImportedItems, ImportedItems__Output as _aura_negotiation_v1_ImportedItems__Output } from './aura/negotiation/v1/ImportedItems.ts';
import type { InventoryItem as _aura_negotiation_v1_InventoryItem, InventoryItem__Output as _aura_negotiation_v1_InventoryItem__Output } from './aura/negotiation/v1/InventoryItem.ts';
import type { InventoryServiceClient as _aura_negotiation_v1_InventoryServiceClient, InventoryServiceDefinition as _aura_negotiation_v1_InventoryServiceDefinition } from './aura/negotiation/v1/InventoryService.ts';
import type { Leftover as _aura_negotiation_v1_Leftover, Leftover__Output as _aura_negotiation_v1_Leftover__Output } from './aura/negotiation/v1/Leftover.ts';
import type { ReindexItemsRequest as _aura_negotiation_v1_ReindexItemsRequest, ReindexItemsRequest__Output as _aura_negotiation_v1_ReindexItemsRequest__Output } from './aura/negotiation/v1/ReindexItemsRequest.ts';
import type { ReindexItemsResponse as _aura_negotiation_v1_ReindexItemsResponse, ReindexItemsResponse__Output as _aura_negotiation_v1_ReindexItemsResponse__Output } from './aura/negotiation/v1/ReindexItemsResponse.ts';
import type { SetItemsActiveRequest as _aura_negotiation_v1_SetItemsActiveRequest, SetItemsActiveRequest__Output as _aura_negotiation_v1_SetItemsActiveRequest__Output } from './aura/negotiation/v1/SetItemsActiveRequest.ts';
import type { SetItemsActiveResponse as _aura_negotiation_v1_SetItemsActiveResponse, SetItemsActiveResponse__Output as _aura_negotiation_v1_SetItemsActiveResponse__Output } from './aura/negotiation/v1/SetItemsActiveResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  aura: {
    negotiation: {
      v1: {
        EmbeddingProgress: MessageTypeDefinition<_aura_negotiation_v1_EmbeddingProgress, _aura_negotiation_v1_EmbeddingProgress__Output>
        ExportItemsRequest: MessageTypeDefinition<_aura_negotiation_v1_ExportItemsRequest, _aura_negotiation_v1_ExportItemsRequest__Output>
        ExportItemsResponse: MessageTypeDefinition<_aura_negotiation_v1_ExportItemsResponse, _aura_negotiation_v1_ExportItemsResponse__Output>
        GetItemRequest: MessageTypeDefinition<_aura_negotiation_v1_GetItemRequest, _aura_negotiation_v1_GetItemRequest__Output>
        GetItemResponse: MessageTypeDefinition<_aura_negotiation_v1_GetItemResponse, _aura_negotiation_v1_GetItemResponse__Output>
        ImportItemsRequest: MessageTypeDefinition<_aura_negotiation_v1_ImportItemsRequest, _aura_negotiation_v1_ImportItemsRequest__Output>
        ImportItemsResponse: MessageTypeDefinition<_aura_negotiation_v1_ImportItemsResponse, _aura_negotiation_v1_ImportItemsResponse__Output>
        ImportedItems: MessageTypeDefinition<_aura_negotiation_v1_ImportedItems, _aura_negotiation_v1_ImportedItems__Output>
        InventoryItem: MessageTypeDefinition<_aura_negotiation_v1_InventoryItem, _aura_negotiation_v1_InventoryItem__Output>
        InventoryService: SubtypeConstructor<typeof grpc.Client, _aura_negotiation_v1_InventoryServiceClient> & { service: _aura_negotiation_v1_InventoryServiceDefinition }
        Leftover: MessageTypeDefinition<_aura_negotiation_v1_Leftover, _aura_negotiation_v1_Leftover__Output>
        ReindexItemsRequest: MessageTypeDefinition<_aura_negotiation_v1_ReindexItemsRequest, _aura_negotiation_v1_ReindexItemsRequest__Output>
        ReindexItemsResponse: MessageTypeDefinition<_aura_negotiation_v1_ReindexItemsResponse, _aura_negotiation_v1_ReindexItemsResponse__Output>
        SetItemsActiveRequest: MessageTypeDefinition<_aura_negotiation_v1_SetItemsActiveRequest, _aura_negotiation_v1_SetItemsActiveRequest__Output>
        SetItemsActiveResponse: MessageTypeDefinition<_aura_negotiation_v1_SetItemsActiveResponse, _aura_negotiation_v1_SetItemsActiveResponse__Output>
      }
    }
  }
}

