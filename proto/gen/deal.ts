import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ApproveDealRequest as _aura_negotiation_v1_ApproveDealRequest, ApproveDealRequest__Output as _aura_negotiation_v1_ApproveDealRequest__Output } from './aura/negotiation/v1/ApproveDealRequest.ts';
import type { ApproveDealResponse as _aura_negotiation_v1_ApproveDealResponse, ApproveDealResponse__Output as _aura_negotiation_v1_ApproveDealResponse__Output } from './aura/negotiation/v1/ApproveDealResponse.ts';
import type { ConfirmDealRequest as _aura_negotiation_v1_ConfirmDealRequest, ConfirmDealRequest__Output as _aura_negotiation_v1_ConfirmDealRequest__Output } from './aura/negotiation/v1/ConfirmDealRequest.ts';
import type { ConfirmDealResponse as _aura_negotiation_v1_ConfirmDealResponse, ConfirmDealResponse__Output as _aura_negotiation_v1_ConfirmDealResponse__Output } from './aura/negotiation/v1/ConfirmDealResponse.ts';
import type { Deal as _aura_negotiation_v1_Deal, Deal__Output as _aura_negotiation_v1_Deal__Output } from './aura/negotiation/v1/Deal.ts';
import type { DealServiceClient as _aura_negotiation_v1_DealServiceClient, DealServiceDefinition as _aura_negotiation_v1_DealServiceDefinition } from './aura/negotiation/v1/DealService.ts';
import type { DeclineDealRequest as _aura_negotiation_v1_DeclineDealRequest, DeclineDealRequest__Output as _aura_negotiation_v1_DeclineDealRequest__Output } from './aura/negotiation/v1/DeclineDealRequest.ts';
import type { DeclineDealResponse as _aura_negotiation_v1_DeclineDealResponse, DeclineDealResponse__Output as _aura_negotiation_v1_DeclineDealResponse__Output } from './aura/negotiation/v1/DeclineDealResponse.ts';
import type { ListDealsRequest as _aura_negotiation_v1_ListDealsRequest, ListDealsRequest__Output as _aura_negotiation_v1_ListDealsRequest__Output } from './aura/negotiation/v1/ListDealsRequest.ts';
import type { ListDealsResponse as _aura_negotiation_v1_ListDealsResponse, ListDealsResponse__Output as _aura_negotiation_v1_ListDealsResponse__Output } from './aura/negotiation/v1/ListDealsResponse.ts';
import type { ReleaseDealRequest as _aura_negotiation_v1_ReleaseDealRequest, ReleaseDealRequest__Output as _aura_negotiation_v1_ReleaseDealRequest__Output } from './aura/negotiation/v1/ReleaseDealRequest.ts';
import type { ReleaseDealResponse as _aura_negotiation_v1_ReleaseDealResponse, ReleaseDealResponse__Output as _aura_negotiation_v1_ReleaseDealResponse__Output } from './aura/negotiation/v1/ReleaseDealResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  aura: {
    negotiation: {
      v1: {
        ApproveDealRequest: MessageTypeDefinition<_aura_negotiation_v1_ApproveDealRequest, _aura_negotiation_v1_ApproveDealRequest__Output>
        ApproveDealResponse: MessageTypeDefinition<_aura_negotiation_v1_ApproveDealResponse, _aura_negotiation_v1_ApproveDealResponse__Output>
        ConfirmDealRequest: MessageTypeDefinition<_aura_negotiation_v1_ConfirmDealRequest, _aura_negotiation_v1_ConfirmDealRequest__Output>
        ConfirmDealResponse: MessageTypeDefinition<_aura_negotiation_v1_ConfirmDealResponse, _aura_negotiation_v1_ConfirmDealResponse__Output>
        Deal: MessageTypeDefinition<_aura_negotiation_v1_Deal, _aura_negotiation_v1_Deal__Output>
        DealService: SubtypeConstructor<typeof grpc.Client, _aura_negotiation_v1_DealServiceClient> & { service: _aura_negotiation_v1_DealServiceDefinition }
        DealStatus: EnumTypeDefinition
        DeclineDealRequest: MessageTypeDefinition<_aura_negotiation_v1_DeclineDealRequest, _aura_negotiation_v1_DeclineDealRequest__Output>
        DeclineDealResponse: MessageTypeDefinition<_aura_negotiation_v1_DeclineDealResponse, _aura_negotiation_v1_DeclineDealResponse__Output>
        ListDealsRequest: MessageTypeDefinition<_aura_negotiation_v1_ListDealsRequest, _aura_negotiation_v1_ListDealsRequest__Output>
        ListDealsResponse: MessageTypeDefinition<_aura_negotiation_v1_ListDealsResponse, _aura_negotiation_v1_ListDealsResponse__Output>
        ReleaseDealRequest: MessageTypeDefinition<_aura_negotiation_v1_ReleaseDealRequest, _aura_negotiation_v1_ReleaseDealRequest__Output>
        ReleaseDealResponse: MessageTypeDefinition<_aura_negotiation_v1_ReleaseDealResponse, _aura_negotiation_v1_ReleaseDealResponse__Output>
      }
    }
  }
}

