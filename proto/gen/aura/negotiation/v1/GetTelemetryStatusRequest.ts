// Original file: aura/negotiation/v1/telemetry.proto


export interface GetTelemetryStatusRequest {
}

export interface GetTelemetryStatusRequest__Output {
}
