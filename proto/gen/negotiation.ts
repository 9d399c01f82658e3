import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AgentIdentity as _aura_negotiation_v1_AgentIdentity, AgentIdentity__Output as _aura_negotiation_v1_AgentIdentity__Output } from './aura/negotiation/v1/AgentIdentity.ts';
import type { AttributeFilter as _aura_negotiation_v1_AttributeFilter, AttributeFilter__Output as _aura_negotiation_v1_AttributeFilter__Output } from './aura/negotiation/v1/AttributeFilter.ts';
import type { GetReceiptKeysRequest as _aura_negotiation_v1_GetReceiptKeysRequest, GetReceiptKeysRequest__Output as _aura_negotiation_v1_GetReceiptKeysRequest__Output } from './aura/negotiation/v1/GetReceiptKeysRequest.ts';
import type { GetReceiptKeysResponse as _aura_negotiation_v1_GetReceiptKeysResponse, GetReceiptKeysResponse__Output as _aura_negotiation_v1_GetReceiptKeysResponse__Output } from './aura/negotiation/v1/GetReceiptKeysResponse.ts';
import type { GetReservationRequest as _aura_negotiation_v1_GetReservationRequest, GetReservationRequest__Output as _aura_negotiation_v1_GetReservationRequest__Output } from './aura/negotiation/v1/GetReservationRequest.ts';
import type { GetReservationResponse as _aura_negotiation_v1_GetReservationResponse, GetReservationResponse__Output as _aura_negotiation_v1_GetReservationResponse__Output } from './aura/negotiation/v1/GetReservationResponse.ts';
import type { JitUiRequest as _aura_negotiation_v1_JitUiRequest, JitUiRequest__Output as _aura_negotiation_v1_JitUiRequest__Output } from './aura/negotiation/v1/JitUiRequest.ts';
import type { NegotiateRequest as _aura_negotiation_v1_NegotiateRequest, NegotiateRequest__Output as _aura_negotiation_v1_NegotiateRequest__Output } from './aura/negotiation/v1/NegotiateRequest.ts';
import type { NegotiateResponse as _aura_negotiation_v1_NegotiateResponse, NegotiateResponse__Output as _aura_negotiation_v1_NegotiateResponse__Output } from './aura/negotiation/v1/NegotiateResponse.ts';
import type { NegotiationServiceClient as _aura_negotiation_v1_NegotiationServiceClient, NegotiationServiceDefinition as _aura_negotiation_v1_NegotiationServiceDefinition } from './aura/negotiation/v1/NegotiationService.ts';
import type { OfferAccepted as _aura_negotiation_v1_OfferAccepted, OfferAccepted__Output as _aura_negotiation_v1_OfferAccepted__Output } from './aura/negotiation/v1/OfferAccepted.ts';
import type { OfferCountered as _aura_negotiation_v1_OfferCountered, OfferCountered__Output as _aura_negotiation_v1_OfferCountered__Output } from './aura/negotiation/v1/OfferCountered.ts';
import type { OfferRejected as _aura_negotiation_v1_OfferRejected, OfferRejected__Output as _aura_negotiation_v1_OfferRejected__Output } from './aura/negotiation/v1/OfferRejected.ts';
import type { ReceiptKey as _aura_negotiation_v1_ReceiptKey, ReceiptKey__Output as _aura_negotiation_v1_ReceiptKey__Output } from './aura/negotiation/v1/ReceiptKey.ts';
import type { ReleaseReservationRequest as _aura_negotiation_v1_ReleaseReservationRequest, ReleaseReservationRequest__Output as _aura_negotiation_v1_ReleaseReservationRequest__Output } from './aura/negotiation/v1/ReleaseReservationRequest.ts';
import type { ReleaseReservationResponse as _aura_negotiation_v1_ReleaseReservationResponse, ReleaseReservationResponse__Output as _aura_negotiation_v1_ReleaseReservationResponse__Output } from './aura/negotiation/v1/ReleaseReservationResponse.ts';
import type { Reservation as _aura_negotiation_v1_Reservation, Reservation__Output as _aura_negotiation_v1_Reservation__Output } from './aura/negotiation/v1/Reservation.ts';
import type { SearchRequest as _aura_negotiation_v1_SearchRequest, SearchRequest__Output as _aura_negotiation_v1_SearchRequest__Output } from './aura/negotiation/v1/SearchRequest.ts';
import type { SearchResponse as _aura_negotiation_v1_SearchResponse, SearchResponse__Output as _aura_negotiation_v1_SearchResponse__Output } from './aura/negotiation/v1/SearchResponse.ts';
import type { SearchResultItem as _aura_negotiation_v1_SearchResultItem, SearchResultItem__Output as _aura_negotiation_v1_SearchResultItem__Output } from './aura/negotiation/v1/SearchResultItem.ts';
import type { VerifiedSignature as _aura_negotiation_v1_VerifiedSignature, VerifiedSignature__Output as _aura_negotiation_v1_VerifiedSignature__Output } from './aura/negotiation/v1/VerifiedSignature.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  aura: {
    negotiation: {
      v1: {
        AgentIdentity: MessageTypeDefinition<_aura_negotiation_v1_AgentIdentity, _aura_negotiation_v1_AgentIdentity__Output>
        AttributeFilter: MessageTypeDefinition<_aura_negotiation_v1_AttributeFilter, _aura_negotiation_v1_AttributeFilter__Output>
        GetReceiptKeysRequest: MessageTypeDefinition<_aura_negotiation_v1_GetReceiptKeysRequest, _aura_negotiation_v1_GetReceiptKeysRequest__Output>
        GetReceiptKeysResponse: MessageTypeDefinition<_aura_negotiation_v1_GetReceiptKeysResponse, _aura_negotiation_v1_GetReceiptKeysResponse__Output>
        GetReservationRequest: MessageTypeDefinition<_aura_negotiation_v1_GetReservationRequest, _aura_negotiation_v1_GetReservationRequest__Output>
        GetReservationResponse: MessageTypeDefinition<_aura_negotiation_v1_GetReservationResponse, _aura_negotiation_v1_GetReservationResponse__Output>
        JitUiRequest: MessageTypeDefinition<_aura_negotiation_v1_JitUiRequest, _aura_negotiation_v1_JitUiRequest__Output>
        NegotiateRequest: MessageTypeDefinition<_aura_negotiation_v1_NegotiateRequest, _aura_negotiation_v1_NegotiateRequest__Output>
        NegotiateResponse: MessageTypeDefinition<_aura_negotiation_v1_NegotiateResponse, _aura_negotiation_v1_NegotiateResponse__Output>
        NegotiationService: SubtypeConstructor<typeof grpc.Client, _aura_negotiation_v1_NegotiationServiceClient> & { service: _aura_negotiation_v1_NegotiationServiceDefinition }
        OfferAccepted: MessageTypeDefinition<_aura_negotiation_v1_OfferAccepted, _aura_negotiation_v1_OfferAccepted__Output>
        OfferCountered: MessageTypeDefinition<_aura_negotiation_v1_OfferCountered, _aura_negotiation_v1_OfferCountered__Output>
        OfferRejected: MessageTypeDefinition<_aura_negotiation_v1_OfferRejected, _aura_negotiation_v1_OfferRejected__Output>
        ReceiptKey: MessageTypeDefinition<_aura_negotiation_v1_ReceiptKey, _aura_negotiation_v1_ReceiptKey__Output>
        ReleaseReservationRequest: MessageTypeDefinition<_aura_negotiation_v1_ReleaseReservationRequest, _aura_negotiation_v1_ReleaseReservationRequest__Output>
        ReleaseReservationResponse: MessageTypeDefinition<_aura_negotiation_v1_ReleaseReservationResponse, _aura_negotiation_v1_ReleaseReservationResponse__Output>
        Reservation: MessageTypeDefinition<_aura_negotiation_v1_Reservation, _aura_negotiation_v1_Reservation__Output>
        ReservationStatus: EnumTypeDefinition
        SearchRequest: MessageTypeDefinition<_aura_negotiation_v1_SearchRequest, _aura_negotiation_v1_SearchRequest__Output>
        SearchResponse: MessageTypeDefinition<_aura_negotiation_v1_SearchResponse, _aura_negotiation_v1_SearchResponse__Output>
        SearchResultItem: MessageTypeDefinition<_aura_negotiation_v1_SearchResultItem, _aura_negotiation_v1_SearchResultItem__Output>
        VerifiedSignature: MessageTypeDefinition<_aura_negotiation_v1_VerifiedSignature, _aura_negotiation_v1_VerifiedSignature__Output>
      }
    }
  }
}

