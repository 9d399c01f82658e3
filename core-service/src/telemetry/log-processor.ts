/** OTEL_LOGS_EXPORTER says where log lines go beside stdout: `otlp` sends them over OTLP/gRPC, `none` nowhere. */
import { getBooleanFromEnv, getNumberFromEnv } from '@opentelemetry/core';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { ExportWatch } from './export-watch.ts';

/** @param env checked before */
export function areLogsSent(env: NodeJS.ProcessEnv): boolean {
  return env['OTEL_LOGS_EXPORTER']?.trim() === 'otlp' && !getBooleanFromEnv('OTEL_SDK_DISABLED');
}

/** Loads what sends log records, where they are sent; `meterProvider` counts them, and `watch` what is lost. */
export async function createLogProcessors(
  env: NodeJS.ProcessEnv,
  meterProvider: MeterProvider,
  watch: ExportWatch,
): Promise<LogRecordProcessor[]> {
  if (!areLogsSent(env)) return [];
  const { BatchLogRecordProcessor } = await import('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-grpc');
  const { url } = watch.endpoint;
  return [
    new BatchLogRecordProcessor({
      exporter: watch.around(new OTLPLogExporter({ url, selfObsMeterProvider: meterProvider })),
      selfObsMeterProvider: watch.listenTo(meterProvider),
      maxQueueSize: getNumberFromEnv('OTEL_BLRP_MAX_QUEUE_SIZE') ?? 2_048,
      maxExportBatchSize: getNumberFromEnv('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE') ?? 512,
      scheduledDelayMillis: getNumberFromEnv('OTEL_BLRP_SCHEDULE_DELAY') ?? 1_000,
      exportTimeoutMillis: getNumberFromEnv('OTEL_BLRP_EXPORT_TIMEOUT') ?? 30_000,
    }),
  ];
}
