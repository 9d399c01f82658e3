/**
 * OpenTelemetry's variables, as far as Aura reads them, and our own that belongs to them. The SDK ignores a bad one without a word, or
 * fails while it is loaded, so they are checked like all others, and the preload sets up nothing
 * while one is bad.
 */
import { isIPv6 } from 'node:net';
import { cleanEnv, makeValidator } from 'envalid';
import { halfPairs, pemProblem } from './pem-file.ts';
import { parseEndpoint } from './trace-endpoint.ts';

/** Node's timers, in milliseconds; one that is set for longer goes off at once. */
const MAX_MS = 2_147_483_647;
const MAX_SPANS = 1_000_000;
const MAX_LIMIT = 1_000_000_000;
/** The number of spans that wait where OTEL_BSP_MAX_QUEUE_SIZE is absent. */
const DEFAULT_QUEUE_SIZE = 2_048;

const check = (refuse: (text: string) => void) =>
  makeValidator<string>((text) => {
    refuse(text);
    return text;
  })({ default: undefined });

const oneOf = (...words: string[]) =>
  check((text) => {
    if (!words.includes(text)) throw new Error(`must be ${either(words)}, not "${text}"`);
  });
const truth = () =>
  check((text) => {
    if (!/^\s*(true|false)\s*$/i.test(text)) {
      throw new Error(`must be true or false, not "${text}"`);
    }
  });
const whole = (min: number, max: number) =>
  check((text) => {
    if (/^\s*\d{1,15}\s*$/.test(text) && Number(text) >= min && Number(text) <= max) return;
    throw new Error(`must be a whole number from ${min} to ${max}, not "${text}"`);
  });
const ratio = () =>
  check((text) => {
    if (/^\s*(\d+(\.\d*)?|\.\d+)(e-?\d+)?\s*$/i.test(text) && Number(text) <= 1) return;
    throw new Error(`must be a number from 0 to 1 such as 0.01, not "${text}"`);
  });
const propagators = () =>
  check((text) => {
    const names = text.split(',').map((name) => name.trim());
    const isWhole = NEEDED_PROPAGATORS.every((name) => names.includes(name));
    if (isWhole && names.every((name) => PROPAGATORS.has(name))) return;
    const wanted = `must hold ${NEEDED_PROPAGATORS.join(' and ')}, and no more than b3 and b3multi beside`;
    throw new Error(`${wanted}, such as tracecontext,baggage, not "${text}"`);
  });
const endpoint = () =>
  check((text) => {
    const quotes = /["'`“”‘’]/.test(text)
      ? ' without the quotes, which are a part of the value'
      : '';
    const url = parseEndpoint(text.trim());
    if (!quotes && url && ['http:', 'https:', 'unix:'].includes(url.protocol)) return;
    // A password may stand in it.
    const seen = text.includes('@') ? '' : `, not "${text}"`;
    throw new Error(`must look like http://localhost:4317 or http://[::1]:4317${quotes}${seen}`);
  });
const pem = (wanted: 'CERTIFICATE' | 'PRIVATE KEY') =>
  check((path) => {
    const problem = pemProblem(path, wanted);
    if (problem !== undefined) throw new Error(problem);
  });
const host = () =>
  check((text) => {
    const address = text.trim();
    if (isIPv6(bareHost(address)) || /^[^\s/:[\]]+$/.test(address)) return;
    const wanted = 'must be an address or a name alone, such as 127.0.0.1, ::1 or localhost';
    throw new Error(`${wanted}, not "${text}"; the port is OTEL_EXPORTER_PROMETHEUS_PORT`);
  });
/**
 * No value of the list is repeated, because a header's is often a secret.
 *
 * @param nameOf two names that it makes the same are one
 */
const pairs = (pair: RegExp, decoded: RegExp, nameOf: (name: string) => string, wanted: string) =>
  check((text) => {
    const parts = text.split(',').filter((part) => part.trim());
    const isTaken = (part: string): boolean => {
      const [, value] = pair.exec(part.trim()) ?? [];
      return value !== undefined && decoded.test(percentDecoded(value) ?? '\0');
    };
    if (!parts.every(isTaken)) {
      throw new Error(`must be a list like name=value,name=value, ${wanted}`);
    }
    const names = parts.map((part) => nameOf(part.split('=', 1)[0]?.trim() ?? ''));
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice === undefined) return;
    throw new Error(
      `must name each only once; ${twice} is there twice, and only its last value would count`,
    );
  });
const headers = () =>
  pairs(
    // The exporter cuts a value at a semicolon, and gRPC takes only bytes for a name in -bin.
    /^(?![^=]*-bin\s*=)[\w.-]+\s*=\s*([^;]+)$/i,
    /^[ -~]+$/,
    (name) => name.toLowerCase(),
    'in which a name is of letters, digits and the characters . _ - and does not end in -bin, and ' +
      'a value is visible ASCII with %2C for a comma, %3B for a semicolon and %25 for a percent sign',
  );
const attributes = () =>
  pairs(
    // One bad pair would make the SDK drop all of them.
    /^(?:[\w!#$&'*+.^`|~/-]|%[\da-f]{2}){1,255}\s*=\s*([^="“”;\\]*)$/i,
    /^[^\0]{0,255}$/,
    (name) => percentDecoded(name) ?? name,
    'in which a value has at most 255 characters, and its commas, semicolons, equals signs, quotes, ' +
      'backslashes and percent signs are percent-encoded, such as %2C',
  );

const percentDecoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
/** An IPv6 address may be written as in a URL, with brackets. */
const bareHost = (text: string): string => text.trim().replace(/^\[(.*:.*)\]$/, '$1');
const either = (words: readonly string[]): string =>
  words.join(', ').replace(/, ([^,]*)$/, ' or $1');

const ROOT_SAMPLERS = ['always_on', 'always_off', 'traceidratio'];
const SAMPLERS = [...ROOT_SAMPLERS, ...ROOT_SAMPLERS.map((name) => `parentbased_${name}`)];
/** Without these core's spans lose their trace, or the agent's DID and `synthetic_request`. */
const NEEDED_PROPAGATORS = ['tracecontext', 'baggage'];
/** The SDK has only these, and passes over any other name without a word. */
const PROPAGATORS = new Set([...NEEDED_PROPAGATORS, 'b3', 'b3multi']);

const specs = {
  TRACE_INSTRUMENTATION: oneOf('light', 'stock'),
  OTEL_SDK_DISABLED: truth(),
  OTEL_RESOURCE_ATTRIBUTES: attributes(),
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
  OTEL_LOGS_EXPORTER: oneOf('none'),
  OTEL_METRICS_EXPORTER: oneOf('prometheus', 'none'),
  OTEL_EXPORTER_PROMETHEUS_HOST: host(),
  OTEL_EXPORTER_PROMETHEUS_PORT: whole(0, 65_535),
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
  const batch = Number(present['OTEL_BSP_MAX_EXPORT_BATCH_SIZE']);
  const queue = Number(present['OTEL_BSP_MAX_QUEUE_SIZE'] ?? DEFAULT_QUEUE_SIZE);
  if (batch > queue && queue > 0) {
    const bound = `OTEL_BSP_MAX_QUEUE_SIZE, which is ${queue}`;
    lines.push(`OTEL_BSP_MAX_EXPORT_BATCH_SIZE must be at most ${bound}, not "${batch}"`);
  }
  return [...lines, ...halfPairs(present)];
}

/** The address that metrics are served at. @param env checked before */
export function metricsHost(env: NodeJS.ProcessEnv): string {
  return bareHost(env['OTEL_EXPORTER_PROMETHEUS_HOST'] ?? '') || '127.0.0.1';
}
