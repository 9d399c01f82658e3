/**
 * OpenTelemetry's variables, as far as Aura reads them, and our own that belongs to them. The SDK ignores a bad one without a word, or
 * fails while it is loaded, so they are checked like all others, and the preload sets up nothing
 * while one is bad.
 */
import { AGENT_NAMINGS } from '@aura/proto/agent-name.ts';
import { cleanEnv } from 'envalid';
import {
  attributes,
  bareHost,
  detectors,
  endpoint,
  headers,
  host,
  key,
  metricsPort,
  oneOf,
  pem,
  propagators,
  ratio,
  SAMPLERS,
  truth,
  whole,
} from './telemetry-values.ts';
import { halfPairs } from './pem-file.ts';

/** Node's timers, in milliseconds; one that is set for longer goes off at once. */
const MAX_MS = 2_147_483_647;
const MAX_SPANS = 1_000_000;
const MAX_LIMIT = 1_000_000_000;
/** The number of spans, or of log records, that wait where OTEL_BSP_MAX_QUEUE_SIZE or OTEL_BLRP_MAX_QUEUE_SIZE is absent. */
const DEFAULT_QUEUE_SIZE = 2_048;

const specs = {
  TRACE_INSTRUMENTATION: oneOf('light', 'stock'),
  TELEMETRY_AGENT_ID: oneOf(...AGENT_NAMINGS),
  TELEMETRY_AGENT_ID_KEY: key(),
  OTEL_SDK_DISABLED: truth(),
  OTEL_RESOURCE_ATTRIBUTES: attributes(),
  OTEL_NODE_RESOURCE_DETECTORS: detectors(),
  OTEL_PROPAGATORS: propagators(),
  OTEL_TRACES_EXPORTER: oneOf('otlp', 'none'),
  OTEL_TRACES_SAMPLER: oneOf(...SAMPLERS),
  OTEL_TRACES_SAMPLER_ARG: ratio(),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint(),
  OTEL_EXPORTER_OTLP_HEADERS: headers(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: headers(),
  OTEL_EXPORTER_OTLP_INSECURE: truth(),
  OTEL_EXPORTER_OTLP_TRACES_INSECURE: truth(),
  OTEL_EXPORTER_OTLP_PROTOCOL: oneOf('grpc'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: oneOf('grpc'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: pem('PRIVATE KEY'),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: pem('PRIVATE KEY'),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_COMPRESSION: oneOf('gzip', 'none'),
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: oneOf('gzip', 'none'),
  OTEL_EXPORTER_OTLP_TIMEOUT: whole(1, MAX_MS),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: whole(1, MAX_MS),
  OTEL_BSP_SCHEDULE_DELAY: whole(0, MAX_MS),
  OTEL_BSP_EXPORT_TIMEOUT: whole(1, MAX_MS),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: whole(1, MAX_SPANS),
  OTEL_BSP_MAX_QUEUE_SIZE: whole(1, MAX_SPANS),
  OTEL_ATTRIBUTE_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: whole(0, MAX_LIMIT),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: whole(0, MAX_LIMIT),
  OTEL_SPAN_EVENT_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_SPAN_LINK_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: whole(0, MAX_LIMIT),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: truth(),
  OTEL_LOGS_EXPORTER: oneOf('otlp', 'none'),
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint(),
  OTEL_EXPORTER_OTLP_LOGS_HEADERS: headers(),
  OTEL_EXPORTER_OTLP_LOGS_INSECURE: truth(),
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: oneOf('grpc'),
  OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: pem('PRIVATE KEY'),
  OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: oneOf('gzip', 'none'),
  OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: whole(1, MAX_MS),
  OTEL_BLRP_SCHEDULE_DELAY: whole(0, MAX_MS),
  OTEL_BLRP_EXPORT_TIMEOUT: whole(1, MAX_MS),
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: whole(1, MAX_SPANS),
  OTEL_BLRP_MAX_QUEUE_SIZE: whole(1, MAX_SPANS),
  OTEL_METRICS_EXPORTER: oneOf('prometheus', 'otlp', 'none'),
  OTEL_METRIC_EXPORT_INTERVAL: whole(1, MAX_MS),
  OTEL_METRIC_EXPORT_TIMEOUT: whole(1, MAX_MS),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint(),
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: headers(),
  OTEL_EXPORTER_OTLP_METRICS_INSECURE: truth(),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: oneOf('grpc'),
  OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY: pem('PRIVATE KEY'),
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE: pem('CERTIFICATE'),
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: oneOf('gzip', 'none'),
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: whole(1, MAX_MS),
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: oneOf('cumulative', 'delta', 'lowmemory'),
  OTEL_EXPORTER_PROMETHEUS_HOST: host(),
  OTEL_EXPORTER_PROMETHEUS_PORT: metricsPort(),
};

/** The variables whose values are checked here. */
export const CHECKED_VARIABLES: readonly string[] = Object.keys(specs);

/** @returns one line for each bad variable; an empty one counts as absent */
export function telemetryProblems(env: NodeJS.ProcessEnv): string[] {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const lines: string[] = [];
  cleanEnv(present, specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) lines.push(`${name} ${error.message}`);
    },
  });
  const sampler = present['OTEL_TRACES_SAMPLER'];
  const isOther = sampler === undefined || SAMPLERS.includes(sampler);
  if (present['OTEL_TRACES_SAMPLER_ARG'] && isOther && !sampler?.endsWith('traceidratio')) {
    const names = 'traceidratio or parentbased_traceidratio';
    const seen = sampler === undefined ? '' : `, not "${sampler}"`;
    lines.push(`OTEL_TRACES_SAMPLER_ARG counts only where OTEL_TRACES_SAMPLER is ${names}${seen}`);
  }
  lines.push(...batchProblems(present, 'OTEL_BSP'), ...batchProblems(present, 'OTEL_BLRP'));
  if (present['TELEMETRY_AGENT_ID']?.trim() === 'hashed' && !present['TELEMETRY_AGENT_ID_KEY']) {
    const why = 'because without a key whoever knows a DID finds its hash';
    lines.push(`TELEMETRY_AGENT_ID_KEY must be there where TELEMETRY_AGENT_ID is hashed, ${why}`);
  }
  const file = present['OTEL_CONFIG_FILE'];
  if (file) {
    const why = 'because telemetry is configured by variables alone, and by no file';
    lines.push(`OTEL_CONFIG_FILE must be absent, ${why}, not "${file}"`);
  }
  return [...lines, ...halfPairs(present)];
}

/** A batch that never fits into its queue would never be sent whole. @param prefix of spans or log records */
function batchProblems(present: NodeJS.ProcessEnv, prefix: 'OTEL_BSP' | 'OTEL_BLRP'): string[] {
  const batch = Number(present[`${prefix}_MAX_EXPORT_BATCH_SIZE`]);
  const queue = Number(present[`${prefix}_MAX_QUEUE_SIZE`] ?? DEFAULT_QUEUE_SIZE);
  if (!(batch > queue && queue > 0)) return [];
  const bound = `${prefix}_MAX_QUEUE_SIZE, which is ${queue}`;
  return [`${prefix}_MAX_EXPORT_BATCH_SIZE must be at most ${bound}, not "${batch}"`];
}

/** The address that metrics are served at. @param env checked before */
export function metricsHost(env: NodeJS.ProcessEnv): string {
  return bareHost(env['OTEL_EXPORTER_PROMETHEUS_HOST'] ?? '') || '127.0.0.1';
}
