/** OTEL_LOGS_EXPORTER says where log lines go beside stdout: `otlp` sends them over OTLP/gRPC, `none` nowhere. */
import { getBooleanFromEnv, getNumberFromEnv } from '@opentelemetry/core';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';

/** @param env checked before */
export function areLogsSent(env: NodeJS.ProcessEnv): boolean {
  return env['OTEL_LOGS_EXPORTER']?.trim() === 'otlp' && !getBooleanFromEnv('OTEL_SDK_DISABLED');
}

/** Loads what sends log records, where they are sent; `meterProvider` counts them. */
export async function createLogProcessors(
  env: NodeJS.ProcessEnv,
  meterProvider: MeterProvider,
): Promise<LogRecordProcessor[]> {
  if (!areLogsSent(env)) return [];
  const { BatchLogRecordProcessor } = await import('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-grpc');
  return [
    new BatchLogRecordProcessor({
      exporter: new OTLPLogExporter({ selfObsMeterProvider: meterProvider }),
      selfObsMeterProvider: meterProvider,
      maxQueueSize: getNumberFromEnv('OTEL_BLRP_MAX_QUEUE_SIZE') ?? 2_048,
      maxExportBatchSize: getNumberFromEnv('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE') ?? 512,
      scheduledDelayMillis: getNumberFromEnv('OTEL_BLRP_SCHEDULE_DELAY') ?? 1_000,
      exportTimeoutMillis: getNumberFromEnv('OTEL_BLRP_EXPORT_TIMEOUT') ?? 30_000,
    }),
  ];
}
