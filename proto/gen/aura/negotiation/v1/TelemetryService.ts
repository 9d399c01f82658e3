// Original file: aura/negotiation/v1/telemetry.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetTelemetryStatusRequest as _aura_negotiation_v1_GetTelemetryStatusRequest, GetTelemetryStatusRequest__Output as _aura_negotiation_v1_GetTelemetryStatusRequest__Output } from '../../../aura/negotiation/v1/GetTelemetryStatusRequest.ts';
import type { GetTelemetryStatusResponse as _aura_negotiation_v1_GetTelemetryStatusResponse, GetTelemetryStatusResponse__Output as _aura_negotiation_v1_GetTelemetryStatusResponse__Output } from '../../../aura/negotiation/v1/GetTelemetryStatusResponse.ts';

export interface TelemetryServiceClient extends grpc.Client {
  /**
   * Tells how traces, metrics and logs of the process that answers fare since it began.
   */
  GetTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  GetTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  GetTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  GetTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells how traces, metrics and logs of the process that answers fare since it began.
   */
  getTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  getTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  getTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  getTelemetryStatus(argument: _aura_negotiation_v1_GetTelemetryStatusRequest, callback: grpc.requestCallback<_aura_negotiation_v1_GetTelemetryStatusResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface TelemetryServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Tells how traces, metrics and logs of the process that answers fare since it began.
   */
  GetTelemetryStatus: grpc.handleUnaryCall<_aura_negotiation_v1_GetTelemetryStatusRequest__Output, _aura_negotiation_v1_GetTelemetryStatusResponse>;
  
}

export interface TelemetryServiceDefinition extends grpc.ServiceDefinition {
  GetTelemetryStatus: MethodDefinition<_aura_negotiation_v1_GetTelemetryStatusRequest, _aura_negotiation_v1_GetTelemetryStatusResponse, _aura_negotiation_v1_GetTelemetryStatusRequest__Output, _aura_negotiation_v1_GetTelemetryStatusResponse__Output>
}
