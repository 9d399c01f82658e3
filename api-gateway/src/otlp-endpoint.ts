/** The endpoint of a signal, as its exporter reads it. */

/** What OpenTelemetry sends: traces, metrics and logs go their ways apart. */
export type Signal = 'traces' | 'metrics' | 'logs';

const SCHEME = /^\w{1,8}:\/\//;
/** gRPC's own, which has no other one for connections without TLS. */
const DEFAULT_PORT = 443;

/** The variables of one signal, which count before those of all signals. */
const VARIABLES = {
  traces: {
    endpoint: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    insecure: 'OTEL_EXPORTER_OTLP_TRACES_INSECURE',
  },
  metrics: {
    endpoint: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    insecure: 'OTEL_EXPORTER_OTLP_METRICS_INSECURE',
  },
  logs: {
    endpoint: 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    insecure: 'OTEL_EXPORTER_OTLP_LOGS_INSECURE',
  },
} as const;

export interface OtlpEndpoint {
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

/** Tells where the exporter sends a signal. @param env checked before */
export function otlpEndpoint(env: NodeJS.ProcessEnv, signal: Signal): OtlpEndpoint {
  const first = (...names: string[]): string | undefined =>
    names.map((name) => env[name]?.trim()).find(Boolean);
  const own = VARIABLES[signal];
  const written = first(own.endpoint, 'OTEL_EXPORTER_OTLP_ENDPOINT') ?? 'http://localhost:4317';
  const parsed = parseEndpoint(written) ?? new URL('http://localhost:4317');
  const hasScheme = SCHEME.test(written);
  const insecure = first(own.insecure, 'OTEL_EXPORTER_OTLP_INSECURE');
  const isTls = hasScheme ? parsed.protocol !== 'http:' : insecure !== 'true';
  const port = Number(parsed.port) || DEFAULT_PORT;
  const hints = [
    !hasScheme && isTls && `without a scheme TLS is spoken; http://${parsed.host} is without`,
    parsed.hostname &&
      /[^/]/.test(parsed.pathname + parsed.search) &&
      'a path does not count over gRPC',
    parsed.port === '' && parsed.hostname && 'without a port it is 443; OTLP over gRPC has 4317',
  ].filter(Boolean);
  const hint = ofOtherProtocol(parsed, hasScheme && isTls) ?? hints.join('; ');
  return {
    // The exporter looks for the scheme in small letters.
    url: written.replace(SCHEME, (scheme) => scheme.toLowerCase()),
    shown: parsed.hostname ? `http${isTls ? 's' : ''}://${parsed.hostname}:${port}` : written,
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    isTls,
    ...(hint !== '' && { hint }),
  };
}

/** What OTLP over HTTP has behind the address of a collector. */
const HTTP_PATH = /\/v1(?:development)?\/(?:traces|metrics|logs|profiles)\/?$/;

/** Tells by what an endpoint is one of OTLP over HTTP, and what to write in its place. */
function ofOtherProtocol({ hostname, port, pathname }: URL, isTls: boolean): string | undefined {
  const [path = ''] = HTTP_PATH.exec(pathname) ?? [];
  const signs = [port === '4318' && 'port 4318', path && `path ${path}`].filter(Boolean);
  if (hostname === '' || signs.length === 0) return undefined;
  const address = `http${isTls ? 's' : ''}://${hostname}:4317`;
  return `its ${signs.join(' and its ')} ${signs.length > 1 ? 'are' : 'is'} for OTLP over HTTP; Aura sends OTLP over gRPC: write ${address}, or where else the collector takes it`;
}

/** Reads an endpoint as the exporter does, without what could not be meant. */
export function parseEndpoint(text: string): URL | undefined {
  const url = URL.parse(SCHEME.test(text) ? text : `https://${text}`);
  if (url?.protocol === 'unix:') return url;
  // `http:/host` and `http//host` would be a host called http.
  const isHost = url && url.hostname !== '' && !/^https?$/.test(url.hostname) && url.port !== '0';
  return isHost ? url : undefined;
}
