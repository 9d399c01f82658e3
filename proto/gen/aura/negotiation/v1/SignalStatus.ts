// Original file: aura/negotiation/v1/telemetry.proto

import type { Long } from '@grpc/proto-loader';

export interface SignalStatus {
  /**
   * The signal is "traces", "metrics" or "logs".
   */
  'signal'?: (string);
  /**
   * The exporter is "otlp", "prometheus" or "none"; only "otlp" sends, and has what follows.
   */
  'exporter'?: (string);
  /**
   * The last export that a collector took whole, in Unix milliseconds; 0 before the first.
   */
  'lastExportTimestampMs'?: (number | string | Long);
  /**
   * The last export that failed, in Unix milliseconds; 0 before the first.
   */
  'lastFailureTimestampMs'?: (number | string | Long);
  'exportsFailed'?: (number | string | Long);
  /**
   * Spans, data points or log records that nobody will see: not taken, or let go by a full queue.
   */
  'itemsLost'?: (number | string | Long);
  /**
   * Where the last export failed, "exporter", "network" or "collector"; empty when it did not.
   */
  'failedLink'?: (string);
  /**
   * Why: a gRPC status, the class of an error, "PARTIAL_SUCCESS" or "UNREADABLE_ANSWER".
   */
  'errorType'?: (string);
  /**
   * The code of a network error, such as "ECONNREFUSED".
   */
  'errorCode'?: (string);
}

export interface SignalStatus__Output {
  /**
   * The signal is "traces", "metrics" or "logs".
   */
  'signal': (string);
  /**
   * The exporter is "otlp", "prometheus" or "none"; only "otlp" sends, and has what follows.
   */
  'exporter': (string);
  /**
   * The last export that a collector took whole, in Unix milliseconds; 0 before the first.
   */
  'lastExportTimestampMs': (number);
  /**
   * The last export that failed, in Unix milliseconds; 0 before the first.
   */
  'lastFailureTimestampMs': (number);
  'exportsFailed': (number);
  /**
   * Spans, data points or log records that nobody will see: not taken, or let go by a full queue.
   */
  'itemsLost': (number);
  /**
   * Where the last export failed, "exporter", "network" or "collector"; empty when it did not.
   */
  'failedLink': (string);
  /**
   * Why: a gRPC status, the class of an error, "PARTIAL_SUCCESS" or "UNREADABLE_ANSWER".
   */
  'errorType': (string);
  /**
   * The code of a network error, such as "ECONNREFUSED".
   */
  'errorCode': (string);
}
