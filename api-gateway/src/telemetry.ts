/**
 * This preload (`node --import ./src/telemetry.ts src/main.ts`) starts the SDK before anything asks
 * for a tracer. The standard OTEL_* variables configure it, and TRACE_INSTRUMENTATION says who makes
 * the spans; all other code uses only the OpenTelemetry API.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { nameAgentsBy } from '@aura/proto/agent-name.ts';
import { SERVICE_NAMES } from '@aura/proto/limits.ts';
import { diag, metrics } from '@opentelemetry/api';
import { getBooleanFromEnv, getNumberFromEnv } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor, NoopSpanProcessor } from '@opentelemetry/sdk-trace';
import { ExportWatch } from './export-watch.ts';
import { areLogsSent, createLogProcessors } from './log-processor.ts';
import { emitLine } from './log-records.ts';
import {
  createMetricReaders,
  metricsExporterIn,
  runtimeInstrumentations,
  scrapeAddressIn,
} from './metric-reader.ts';
import { describeResource, resourceOf } from './resource.ts';
import { telemetryStatus } from './telemetry-status.ts';
import type { TelemetryStatus } from './telemetry-status.ts';
import { turnOnLightSpans } from './spans/light-spans.ts';
import { serviceNameIn } from './service-name.ts';
import { telemetryProblems } from './telemetry-variables.ts';
import { otlpEndpoint } from './otlp-endpoint.ts';
import type { Signal } from './otlp-endpoint.ts';
import { version } from './version.ts';
import { isLead } from './workers.ts';

/** Longest wait for the last export; a collector that hangs longer loses the spans that are left. */
const FLUSH_MS = 1_500;

const env = process.env;
env['OTEL_SERVICE_NAME'] = serviceNameIn(env, SERVICE_NAMES.gateway);
// The default of ten seconds would let a collector that hangs hold up the shutdown.
env['OTEL_EXPORTER_OTLP_TIMEOUT'] ||= '2000';
nameAgentsBy(env);

/** False with a bad variable: then nothing is set up, and the service says which before it ends. */
const usable = telemetryProblems(env).length === 0 && !isLead(env['WORKERS']);
const resource = resourceOf(version);
/** The identity of this process, for the log. */
export const identity = describeResource(resource);

const metricsExporter = metricsExporterIn(env);
const scrape = scrapeAddressIn(env, 9_464);
/** The lead of several workers serves what it hears from them at this address. */
export const scrapeAddress = metricsExporter === 'prometheus' ? scrape : undefined;

const watchOf = (signal: Signal) => new ExportWatch(signal, otlpEndpoint(env, signal));
const watches = { traces: watchOf('traces'), metrics: watchOf('metrics'), logs: watchOf('logs') };
/** The service writes what they tell into its log. */
export const exportWatches = Object.values(watches);
const readers = usable ? await createMetricReaders(metricsExporter, scrape, watches.metrics) : [];

// The meter comes before the SDK, so that the span processor can count what it sends and drops.
const meterProvider = new MeterProvider({
  resource,
  readers,
});
metrics.setGlobalMeterProvider(meterProvider);

const isTraced = env['OTEL_TRACES_EXPORTER'] !== 'none' && !getBooleanFromEnv('OTEL_SDK_DISABLED');

/** Returns the exporting processor; OTEL_TRACES_EXPORTER=none sends nothing, but logs keep their ids. */
function exporting(): SpanProcessor {
  if (!isTraced) return new NoopSpanProcessor();
  const { url } = watches.traces.endpoint;
  return new BatchSpanProcessor({
    exporter: watches.traces.around(
      new OTLPTraceExporter({ url, selfObsMeterProvider: meterProvider }),
    ),
    selfObsMeterProvider: watches.traces.listenTo(meterProvider),
    maxQueueSize: getNumberFromEnv('OTEL_BSP_MAX_QUEUE_SIZE') ?? 2_048,
    maxExportBatchSize: getNumberFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? 512,
    scheduledDelayMillis: getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY') ?? 1_000,
    exportTimeoutMillis: getNumberFromEnv('OTEL_BSP_EXPORT_TIMEOUT') ?? 30_000,
  });
}

/** How telemetry fares in this process. */
export function statusOfTelemetry(): TelemetryStatus {
  const traces = isTraced ? 'otlp' : 'none';
  const logs = areLogsSent(env) ? 'otlp' : 'none';
  return telemetryStatus(env, { traces, metrics: metricsExporter, logs }, exportWatches);
}

/** Sends a line of the log; undefined where OTEL_LOGS_EXPORTER does not say so. */
export const sendLine = usable && areLogsSent(env) ? emitLine : undefined;

const sdk = usable ? await startSdk() : undefined;

async function startSdk(): Promise<NodeSDK> {
  const started = new NodeSDK({
    resource,
    autoDetectResources: false,
    // The meter provider above has the readers of metrics.
    metricReaders: [],
    logRecordProcessors: await createLogProcessors(env, meterProvider, watches.logs),
    ...(await spanMakers()),
  });
  started.start();
  return started;
}

/** Lets our own code make the spans, or loads the instrumentations, which must patch before all else is loaded. */
async function spanMakers() {
  const runtime = await runtimeInstrumentations(metricsExporter);
  if (env['TRACE_INSTRUMENTATION'] === 'stock') {
    const { shapeSpans, stockInstrumentations } = await import('./spans/stock-instrumentations.ts');
    const instrumentations = [...runtime, ...stockInstrumentations()];
    return { spanProcessors: [shapeSpans(exporting())], instrumentations };
  }
  if (!getBooleanFromEnv('OTEL_SDK_DISABLED')) turnOnLightSpans();
  return { spanProcessors: [exporting()], instrumentations: runtime };
}

/** Sends the spans that are left. A collector that is gone never changes how the process ends. */
export async function shutdownTelemetry(): Promise<void> {
  const sent = Promise.all([sdk?.shutdown(), meterProvider.shutdown()]).catch((error: unknown) =>
    diag.warn('spans were lost at shutdown', error),
  );
  await Promise.race([sent, wait(FLUSH_MS)]);
}
