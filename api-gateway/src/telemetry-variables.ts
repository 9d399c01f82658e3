/**
 * OpenTelemetry's variables, as far as Aura reads them, and our own that belongs to them. The SDK ignores a bad one without a word, or
 * fails while it is loaded, so they are checked like all others, and the preload sets up nothing
 * while one is bad.
 */
import { cleanEnv, makeValidator } from 'envalid';

/** Node's timers, in milliseconds; one that is set for longer goes off at once. */
const MAX_MS = 2_147_483_647;
const MAX_SPANS = 1_000_000;
const MAX_LIMIT = 1_000_000_000;
const SCHEME = /^\w{1,8}:\/\//;

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
/** No word of the list is repeated, because a header's value is often a secret. */
const pairs = (pair: RegExp, decoded: RegExp, wanted: string) =>
  check((text) => {
    const parts = text.split(',').filter((part) => part.trim());
    const isTaken = (part: string): boolean => {
      const [, value] = pair.exec(part.trim()) ?? [];
      return value !== undefined && decoded.test(percentDecoded(value) ?? '\0');
    };
    if (parts.every(isTaken)) return;
    throw new Error(`must be a list like name=value,name=value, ${wanted}`);
  });
const headers = () =>
  pairs(
    // The exporter cuts a value at a semicolon, and gRPC takes only bytes for a name in -bin.
    /^(?![^=]*-bin\s*=)[\w.-]+\s*=\s*([^;]+)$/i,
    /^[ -~]+$/,
    'in which a name is of letters, digits and the characters . _ - and does not end in -bin, and ' +
      'a value is visible ASCII with %2C for a comma, %3B for a semicolon and %25 for a percent sign',
  );
const attributes = () =>
  pairs(
    // One bad pair would make the SDK drop all of them.
    /^(?:[\w!#$&'*+.^`|~/-]|%[\da-f]{2}){1,255}\s*=\s*([^="“”;\\]*)$/i,
    /^[^\0]{0,255}$/,
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
  OTEL_LOGS_EXPORTER: oneOf('none'),
  OTEL_METRICS_EXPORTER: oneOf('prometheus', 'none'),
  OTEL_EXPORTER_PROMETHEUS_PORT: whole(0, 65_535),
};

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
  return lines;
}

export interface TraceEndpoint {
  /** The address that the exporter gets. */
  readonly url: string;
  /** The address in words that may be said: without a user, a password or a path. */
  readonly shown: string;
  /** An IPv6 address without its brackets; empty for a socket in the file system. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** A remark about what is unusual at it, for when nothing answers there. */
  readonly hint?: string;
}

/** gRPC's own, which has no other one for connections without TLS. */
const DEFAULT_PORT = 443;

/** Tells where the exporter sends traces. @param env checked before */
export function traceEndpoint(env: NodeJS.ProcessEnv): TraceEndpoint {
  const first = (...names: string[]): string | undefined =>
    names.map((name) => env[name]?.trim()).find(Boolean);
  const written =
    first('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT') ??
    'http://localhost:4317';
  const parsed = parseEndpoint(written) ?? new URL('http://localhost:4317');
  const hasScheme = SCHEME.test(written);
  const insecure = first('OTEL_EXPORTER_OTLP_TRACES_INSECURE', 'OTEL_EXPORTER_OTLP_INSECURE');
  const isTls = hasScheme ? parsed.protocol !== 'http:' : insecure !== 'true';
  const port = Number(parsed.port) || DEFAULT_PORT;
  const hints = [
    !hasScheme && isTls && `without a scheme TLS is spoken; http://${parsed.host} is without`,
    parsed.port === '4318' && '4318 is for OTLP over HTTP; over gRPC, as Aura sends, it is 4317',
    parsed.port === '' && parsed.hostname && 'without a port it is 443; OTLP over gRPC has 4317',
  ].filter(Boolean);
  return {
    // The exporter looks for the scheme in small letters.
    url: written.replace(SCHEME, (scheme) => scheme.toLowerCase()),
    shown: parsed.hostname ? `http${isTls ? 's' : ''}://${parsed.hostname}:${port}` : written,
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    isTls,
    ...(hints.length > 0 && { hint: hints.join('; ') }),
  };
}

/** Reads an endpoint as the exporter does, without what could not be meant. */
function parseEndpoint(text: string): URL | undefined {
  const url = URL.parse(SCHEME.test(text) ? text : `https://${text}`);
  if (url?.protocol === 'unix:') return url;
  // `http:/host` and `http//host` would be a host called http.
  const isHost = url && url.hostname !== '' && !/^https?$/.test(url.hostname) && url.port !== '0';
  return isHost ? url : undefined;
}
