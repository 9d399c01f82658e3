/**
 * This preload (`node --import ./src/telemetry/preload.ts src/main.ts`) starts the SDK before anything
 * asks for a tracer. The standard OTEL_* variables configure it, and TRACE_INSTRUMENTATION says who
 * makes the spans; code below it uses only the OpenTelemetry API.
 */
import { setTimeout as wait } from 'node:timers/promises';
import '../module-formats.ts';
import { nameAgentsBy } from '@aura/proto/agent-name.ts';
import { SERVICE_NAMES } from '@aura/proto/limits.ts';
import { diag, metrics } from '@opentelemetry/api';
import { getBooleanFromEnv, getNumberFromEnv } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor, NoopSpanProcessor } from '@opentelemetry/sdk-trace';
import { emitLine } from '../log-records.ts';
import { serviceNameIn } from '../service-name.ts';
import { telemetryProblems } from '../telemetry-variables.ts';
import { otlpEndpoint } from '../otlp-endpoint.ts';
import type { Signal } from '../otlp-endpoint.ts';
import { version } from '../version.ts';
import { ExportWatch } from './export-watch.ts';
import { areLogsSent, createLogProcessors } from './log-processor.ts';
import { turnOnLightSpans } from './light-spans.ts';
import {
  createMetricReaders,
  metricsExporterIn,
  runtimeInstrumentations,
  scrapeAddressIn,
} from './metric-reader.ts';
import { describeResource, resourceOf } from './resource.ts';
import { telemetryStatus } from './telemetry-status.ts';
import type { TelemetryStatus } from './telemetry-status.ts';
import { isLead } from '../workers.ts';

/** Milliseconds by which a collector that hangs may hold up the end of the process. */
const FLUSH_MS = 1_500;

const env = process.env;
env['OTEL_SERVICE_NAME'] = serviceNameIn(env, SERVICE_NAMES.core);
// A collector that hangs must not hold up the shutdown for the default of ten seconds.
env['OTEL_EXPORTER_OTLP_TIMEOUT'] ||= '2000';
// LangChain would run callbacks in a queue of its own, outside the request's context.
env['LANGCHAIN_CALLBACKS_BACKGROUND'] = 'false';
nameAgentsBy(env);

/** False with a bad variable: then nothing is set up, and the service says which before it ends. */
const usable = telemetryProblems(env).length === 0 && !isLead(env['WORKERS']);
const resource = resourceOf(version);
/** The identity of this process, for the log. */
export const identity = describeResource(resource);

const metricsExporter = metricsExporterIn(env);
const scrape = scrapeAddressIn(env, 9_465);
/** The lead of several workers serves what it hears from them at this address. */
export const scrapeAddress = metricsExporter === 'prometheus' ? scrape : undefined;

const watchOf = (signal: Signal) => new ExportWatch(signal, otlpEndpoint(env, signal));
const watches = { traces: watchOf('traces'), metrics: watchOf('metrics'), logs: watchOf('logs') };
/** The service writes what they tell into its log. */
export const exportWatches = Object.values(watches);
const readers = usable ? await createMetricReaders(metricsExporter, scrape, watches.metrics) : [];

// This comes before the SDK, so that the span processor can count in it what it sends and drops.
const meterProvider = new MeterProvider({
  resource,
  readers,
});
metrics.setGlobalMeterProvider(meterProvider);

const isTraced = env['OTEL_TRACES_EXPORTER'] !== 'none' && !getBooleanFromEnv('OTEL_SDK_DISABLED');

/** OTEL_TRACES_EXPORTER=none keeps the trace ids in the logs and sends nothing. */
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
  const hasModel = Boolean(env['MISTRAL_API_KEY'] || env['OFFLINE_MODEL_URL']);
  const isStock = env['TRACE_INSTRUMENTATION'] === 'stock';
  if (!isStock && !getBooleanFromEnv('OTEL_SDK_DISABLED')) turnOnLightSpans();
  const spanProcessors = [exporting()];
  // What nobody needs is not loaded: the loader hook costs each import, and LangChain costs 50 MB.
  if (isStock || hasModel) {
    const { SpanShaper } = await import('./span-shaper.ts');
    spanProcessors.unshift(new SpanShaper());
  }
  const instrumentations = [
    ...(await runtimeInstrumentations(metricsExporter)),
    ...(isStock ? (await import('./stock-instrumentations.ts')).stockInstrumentations() : []),
    ...(hasModel ? (await import('./model-instrumentations.ts')).modelInstrumentations(env) : []),
  ];
  const started = new NodeSDK({
    resource,
    autoDetectResources: false,
    spanProcessors,
    // The meter provider above has the readers of metrics.
    metricReaders: [],
    logRecordProcessors: await createLogProcessors(env, meterProvider, watches.logs),
    instrumentations,
  });
  started.start();
  return started;
}

/** Sends what is left. A collector that is gone never changes how the process ends. */
export async function shutdownTelemetry(): Promise<void> {
  const sent = Promise.all([sdk?.shutdown(), meterProvider.shutdown()]).catch((error: unknown) =>
    diag.warn('spans were lost at shutdown', error),
  );
  await Promise.race([sent, wait(FLUSH_MS)]);
}
