import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { GetTelemetryStatusRequest as _aura_negotiation_v1_GetTelemetryStatusRequest, GetTelemetryStatusRequest__Output as _aura_negotiation_v1_GetTelemetryStatusRequest__Output } from './aura/negotiation/v1/GetTelemetryStatusRequest.ts';
import type { GetTelemetryStatusResponse as _aura_negotiation_v1_GetTelemetryStatusResponse, GetTelemetryStatusResponse__Output as _aura_negotiation_v1_GetTelemetryStatusResponse__Output } from './aura/negotiation/v1/GetTelemetryStatusResponse.ts';
import type { SignalStatus as _aura_negotiation_v1_SignalStatus, SignalStatus__Output as _aura_negotiation_v1_SignalStatus__Output } from './aura/negotiation/v1/SignalStatus.ts';
import type { TelemetryServiceClient as _aura_negotiation_v1_TelemetryServiceClient, TelemetryServiceDefinition as _aura_negotiation_v1_TelemetryServiceDefinition } from './aura/negotiation/v1/TelemetryService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  aura: {
    negotiation: {
      v1: {
        GetTelemetryStatusRequest: MessageTypeDefinition<_aura_negotiation_v1_GetTelemetryStatusRequest, _aura_negotiation_v1_GetTelemetryStatusRequest__Output>
        GetTelemetryStatusResponse: MessageTypeDefinition<_aura_negotiation_v1_GetTelemetryStatusResponse, _aura_negotiation_v1_GetTelemetryStatusResponse__Output>
        SignalStatus: MessageTypeDefinition<_aura_negotiation_v1_SignalStatus, _aura_negotiation_v1_SignalStatus__Output>
        TelemetryService: SubtypeConstructor<typeof grpc.Client, _aura_negotiation_v1_TelemetryServiceClient> & { service: _aura_negotiation_v1_TelemetryServiceDefinition }
      }
    }
  }
}

