// Original file: aura/negotiation/v1/telemetry.proto

import type { SignalStatus as _aura_negotiation_v1_SignalStatus, SignalStatus__Output as _aura_negotiation_v1_SignalStatus__Output } from '../../../aura/negotiation/v1/SignalStatus.ts';

export interface GetTelemetryStatusResponse {
  /**
   * The sampler of traces, in the words of OTEL_TRACES_SAMPLER.
   */
  'sampler'?: (string);
  /**
   * The share of the calls that come without a trace and get one, from 0 to 1.
   */
  'sampledShare'?: (number | string);
  'signals'?: (_aura_negotiation_v1_SignalStatus)[];
}

export interface GetTelemetryStatusResponse__Output {
  /**
   * The sampler of traces, in the words of OTEL_TRACES_SAMPLER.
   */
  'sampler': (string);
  /**
   * The share of the calls that come without a trace and get one, from 0 to 1.
   */
  'sampledShare': (number);
  'signals': (_aura_negotiation_v1_SignalStatus__Output)[];
}
