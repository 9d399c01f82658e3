/**
 * Where metrics go, by OTEL_METRICS_EXPORTER: `prometheus` serves them to whoever scrapes, `otlp` sends
 * them over OTLP/gRPC each OTEL_METRIC_EXPORT_INTERVAL, `none` keeps none.
 */
import cluster from 'node:cluster';
import { getBooleanFromEnv, getNumberFromEnv } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { ExportWatch } from './export-watch.ts';
import { metricsHost } from '../telemetry-variables.ts';
import { answerScrapes } from './worker-metrics.ts';

/** Milliseconds between two exports, and those that one may take, where no variable says otherwise. */
const INTERVAL_MS = 60_000;
const TIMEOUT_MS = 30_000;

export interface ScrapeAddress {
  readonly host: string;
  readonly port: number;
}

export type MetricsExporter = 'prometheus' | 'otlp' | 'none';

/** @param env checked before */
export function metricsExporterIn(env: NodeJS.ProcessEnv): MetricsExporter {
  if (getBooleanFromEnv('OTEL_SDK_DISABLED')) return 'none';
  return (env['OTEL_METRICS_EXPORTER']?.trim() || 'prometheus') as MetricsExporter;
}

/** @param defaultPort where OTEL_EXPORTER_PROMETHEUS_PORT is absent */
export function scrapeAddressIn(env: NodeJS.ProcessEnv, defaultPort: number): ScrapeAddress {
  const port = getNumberFromEnv('OTEL_EXPORTER_PROMETHEUS_PORT') ?? defaultPort;
  return { host: metricsHost(env), port };
}

/** Reports a metrics port that is taken; the service goes on without metrics. */
export function sayWhenBusy({ host, port }: ScrapeAddress, error: Error | void): void {
  if (!error) return;
  const where = `OTEL_EXPORTER_PROMETHEUS_PORT ${port} on ${host}`;
  process.stderr.write(`${where} cannot be used, so there are no metrics: ${error.message}\n`);
}

/** Loads what the exporter needs, and nothing of the other one. @param watch of what is sent over OTLP */
export async function createMetricReaders(
  exporter: MetricsExporter,
  scrape: ScrapeAddress,
  watch: ExportWatch,
): Promise<MetricReader[]> {
  if (exporter === 'none') return [];
  if (exporter === 'prometheus') return [prometheus(scrape)];
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-grpc');
  const exportIntervalMillis = getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? INTERVAL_MS;
  const patience = getNumberFromEnv('OTEL_METRIC_EXPORT_TIMEOUT') ?? TIMEOUT_MS;
  const exportTimeoutMillis = Math.min(patience, exportIntervalMillis);
  return [
    new PeriodicExportingMetricReader({
      exporter: watch.around(new OTLPMetricExporter({ url: watch.endpoint.url })),
      exportIntervalMillis,
      exportTimeoutMillis,
    }),
  ];
}

/** The exporter reads paths on the base of its host, which is no URL where it is an IPv6 address. */
function prometheus(scrape: ScrapeAddress): PrometheusExporter {
  const exporter = new PrometheusExporter(
    { ...scrape, preventServerStart: cluster.isWorker },
    (error) => sayWhenBusy(scrape, error),
  );
  Reflect.set(exporter, '_baseUrl', 'http://localhost');
  if (cluster.isWorker) answerScrapes(exporter);
  return exporter;
}

/** Makes the metrics of Node itself: the delay of its event loop, its garbage collection and its heap. */
export async function runtimeInstrumentations(exporter: MetricsExporter) {
  if (exporter === 'none') return [];
  const { RuntimeNodeInstrumentation } =
    await import('@opentelemetry/instrumentation-runtime-node');
  return [new RuntimeNodeInstrumentation()];
}
