/** Validators of the values of OpenTelemetry's variables; what is bad is told in words that say what is good. */
import { isIPv6 } from 'node:net';
import { makeValidator } from 'envalid';
import { parseEndpoint } from './otlp-endpoint.ts';
import { readPem } from './pem-file.ts';

const check = (refuse: (text: string) => void) =>
  makeValidator<string>((text) => {
    refuse(text);
    return text;
  })({ default: undefined });

export const oneOf = (...words: string[]) =>
  check((text) => {
    if (!words.includes(text)) throw new Error(`must be ${either(words)}, not "${text}"`);
  });
/** The value is a secret, and not repeated. */
export const key = () =>
  check((text) => {
    // A shell would have run it; whoever knows the documents would know the key.
    if (/\$[({A-Z]|`|^openssl\s/.test(text))
      throw new Error('must be the value itself, no command');
    if (text.trim().length < 16) throw new Error('must have at least 16 characters');
  });
export const truth = () =>
  check((text) => {
    if (!/^\s*(true|false)\s*$/i.test(text)) {
      throw new Error(`must be true or false, not "${text}"`);
    }
  });
export const whole = (min: number, max: number) =>
  check((text) => {
    if (/^\s*\d{1,15}\s*$/.test(text) && Number(text) >= min && Number(text) <= max) return;
    throw new Error(`must be a whole number from ${min} to ${max}, not "${text}"`);
  });
/** The exporter takes 0, with which a system chooses a port, for its own default. */
export const metricsPort = () =>
  check((text) => {
    if (/^\s*\d{1,5}\s*$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return;
    const off = Number(text) === 0 ? '; OTEL_METRICS_EXPORTER=none serves no metrics' : '';
    throw new Error(`must be a whole number from 1 to 65535, not "${text}"${off}`);
  });
export const ratio = () =>
  check((text) => {
    if (/^\s*(\d+(\.\d*)?|\.\d+)(e-?\d+)?\s*$/i.test(text) && Number(text) <= 1) return;
    throw new Error(`must be a number from 0 to 1 such as 0.01, not "${text}"`);
  });
/** The detectors that OTEL_NODE_RESOURCE_DETECTORS may name. */
const DETECTORS = new Set(['all', 'none', 'env', 'host', 'os', 'process', 'serviceinstance']);

export const detectors = () =>
  check((text) => {
    if (text.split(',').every((name) => DETECTORS.has(name.trim()))) return;
    throw new Error(`must be a list of ${[...DETECTORS].join(', ')}, not "${text}"`);
  });
export const propagators = () =>
  check((text) => {
    const names = text.split(',').map((name) => name.trim());
    const isWhole = NEEDED_PROPAGATORS.every((name) => names.includes(name));
    if (isWhole && names.every((name) => PROPAGATORS.has(name))) return;
    const wanted = `must hold ${NEEDED_PROPAGATORS.join(' and ')}, and no more than b3 and b3multi beside`;
    throw new Error(`${wanted}, such as tracecontext,baggage, not "${text}"`);
  });
export const endpoint = () =>
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
export const pem = (wanted: 'CERTIFICATE' | 'PRIVATE KEY') =>
  check((path) => void readPem(path, wanted));
export const host = () =>
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
export const headers = () =>
  pairs(
    // The exporter cuts a value at a semicolon, and gRPC takes only bytes for a name in -bin.
    /^(?![^=]*-bin\s*=)[\w.-]+\s*=\s*([^;]+)$/i,
    /^[ -~]+$/,
    (name) => name.toLowerCase(),
    'in which a name is of letters, digits and the characters . _ - and does not end in -bin, and ' +
      'a value is visible ASCII with %2C for a comma, %3B for a semicolon and %25 for a percent sign',
  );
export const attributes = () =>
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
export const bareHost = (text: string): string => text.trim().replace(/^\[(.*:.*)\]$/, '$1');
const either = (words: readonly string[]): string =>
  words.join(', ').replace(/, ([^,]*)$/, ' or $1');

const ROOT_SAMPLERS = ['always_on', 'always_off', 'traceidratio'];
export const SAMPLERS = [...ROOT_SAMPLERS, ...ROOT_SAMPLERS.map((name) => `parentbased_${name}`)];
/** Without these core's spans lose their trace, or the agent's DID and `synthetic_request`. */
const NEEDED_PROPAGATORS = ['tracecontext', 'baggage'];
/** The SDK has only these, and passes over any other name without a word. */
const PROPAGATORS = new Set([...NEEDED_PROPAGATORS, 'b3', 'b3multi']);
