/**
 * The environment is read once: `readConfig` returns a typed, nested config or throws a ConfigError
 * that has one line for each bad variable.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { SERVICE_NAMES } from '@aura/proto/limits.ts';
import { cleanEnv, makeValidator, str } from 'envalid';
import type { LoadLimits } from './admission.ts';
import { hostNames, origins, proxies, publicUrl } from './config-origins.ts';
import type { CoreTls } from './core-credentials.ts';
import type { CorsOrigins } from './cors.ts';
import type { LimitsConfig } from './limits/quota.ts';
import type { McpConfig } from './mcp/route.ts';
import type { AgentAuth } from './signatures/agent-auth.ts';
import { AGENT_AUTH } from './signatures/agent-auth.ts';
import { telemetryProblems } from './telemetry-variables.ts';
import type { TlsFiles } from './tls-files.ts';
import { nameTlsFiles, readTlsFiles, TlsFilesError, togetherWith } from './tls-files.ts';

export interface Config {
  readonly serviceName: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly core: {
    /** The gRPC target is `host:port`, or `dns:///name:port` for several replicas. */
    readonly target: string;
    readonly timeoutMs: number;
    /** Undefined for a core that speaks without TLS. */
    readonly tls: CoreTls | undefined;
  };
  /** Processes that share the address; with more than one, this one starts and watches them. */
  readonly workers: number;
  readonly load: LoadLimits;
  /** Pages of these origins may call the API from a browser; undefined when none may. */
  readonly corsOrigins: CorsOrigins | undefined;
  /** The settings of `/mcp`, undefined when it is not served. */
  readonly mcp: McpConfig | undefined;
  /** The origin by which agents reach the gateway; undefined when each request tells it. */
  readonly publicUrl: string | undefined;
  /** It says whether agents' signatures are verified, and asked for. */
  readonly agentAuth: AgentAuth;
  readonly limits: LimitsConfig;
  /** The addresses of proxies whose word is taken for where a request came from. */
  readonly trustProxy: readonly string[] | undefined;
  /** The origin at which this machine's users find the gateway, where it is not the one that it listens at. */
  readonly publishedUrl: string | undefined;
  readonly logLevel: string;
  readonly shutdownGraceMs: number;
}

export class ConfigError extends Error {}

/** Blanks, apostrophes and underscores only ever group digits; two marks of a kind do so too. */
const GROUPED =
  /^\d{1,3}(?:(?:[ \u00A0\u2007\u2009\u202F'\u2019_]\d{3})+|(?:,\d{3}){2,}|(?:\.\d{3}){2,})$/u;

/** Takes what core takes: `8.000` could be eight thousand, and Number would make it eight. */
const integer = (min: number, max: number) =>
  makeValidator<number>((text) => {
    const typed = text.trim();
    const digits = GROUPED.test(typed) ? typed.replace(/\D/gu, '') : typed;
    const value = Number(digits);
    if (!/^\d{1,15}$/.test(digits) || value < min || value > max) {
      const range = `must be a whole number from ${min} to ${max}, without a separator`;
      throw new Error(`${range}, not "${text}"`);
    }
    return value;
  });

const MAX_PORT = 65_535;

const target = makeValidator<string>((text) => {
  const [, scheme = '', rest = ''] = /^(dns:(?:\/{2,3})?|ipv[46]:)?(.*)$/s.exec(text) ?? [];
  // gRPC takes several addresses only where there are no names among them.
  const addresses = scheme.startsWith('ipv') ? rest.split(',') : [rest];
  for (const address of addresses) {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
    // Without brackets nobody can tell where the address ends and the port begins.
    if (isIPv6(host) || isIPv6(address)) {
      const written = isIPv6(host) ? `[${host}]:${port}` : `[${address}]:50051`;
      const wanted = `must have an IPv6 address in brackets, such as ${scheme}${written}`;
      throw new Error(`${wanted}, not "${text}"`);
    }
    if (!isHost(host, scheme) || Number(port) < 1 || Number(port) > MAX_PORT) {
      throw new Error(`must look like host:50051 or dns:///name:50051, not "${text}"`);
    }
  }
  return text;
});

/** @param scheme of gRPC, which takes addresses of one kind behind `ipv4:` and `ipv6:` */
function isHost(host: string, scheme: string): boolean {
  if (isIPv6(/^\[(.*)\]$/.exec(host)?.[1] ?? '')) return scheme !== 'ipv4:';
  return scheme.startsWith('ipv')
    ? isIPv4(host) && scheme === 'ipv4:'
    : /^[^\s/:[\],]+$/.test(host);
}

/** An IPv6 address may be written as in a URL, with brackets. */
const host = makeValidator<string>((text) => {
  const address = text.replace(/^\[(.*:.*)\]$/, '$1');
  if (isIPv6(address) || /^[^\s/:]+$/.test(address)) return address;
  const wanted = 'must be an address or a name alone, such as 127.0.0.1, ::1 or localhost';
  throw new Error(`${wanted}, not "${text}"; the port is HTTP_PORT`);
});

/** A name as a certificate has it, or an address. */
const serverName = makeValidator<string>((text) => {
  const name = text.trim();
  if (isIPv6(name) || /^[\w-]+(?:\.[\w-]+)*$/.test(name)) return name;
  throw new Error(`must be a name alone, as core's certificate has it, not "${text}"`);
});

/** This machine's own names, of which nobody else can be reached. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

const specs = {
  OTEL_SERVICE_NAME: str({ default: SERVICE_NAMES.gateway }),
  HTTP_HOST: host({ default: '127.0.0.1' }),
  HTTP_PORT: integer(0, 65_535)({ default: 8_000 }),
  CORE_SERVICE_HOST: target({ default: '127.0.0.1:50051' }),
  CORE_TLS_CA: str({ default: undefined }),
  CORE_TLS_CERTIFICATE: str({ default: undefined }),
  CORE_TLS_KEY: str({ default: undefined }),
  CORE_TLS_SERVER_NAME: serverName({ default: undefined }),
  REQUEST_TIMEOUT_MS: integer(100, 600_000)({ default: 8_000 }),
  WORKERS: integer(1, 256)({ default: 1 }),
  MAX_IN_FLIGHT: integer(1, 100_000)({ default: 1_000 }),
  MAX_QUEUE_DELAY_MS: integer(1, 600_000)({ default: 25 }),
  CORS_ORIGINS: origins({ default: undefined }),
  MCP: str({ default: 'on', choices: ['on', 'off'] }),
  MCP_HOSTS: hostNames({ default: undefined }),
  PUBLIC_URL: publicUrl({ default: undefined }),
  AGENT_AUTH: str({ default: 'optional', choices: AGENT_AUTH }),
  SEARCHES_PER_MINUTE: integer(1, 1_000_000)({ default: undefined }),
  BIDS_PER_MINUTE: integer(1, 1_000_000)({ default: undefined }),
  REQUESTS_PER_MINUTE: integer(1, 1_000_000)({ default: undefined }),
  TRUST_PROXY: proxies({ default: undefined }),
  PUBLISHED_URL: publicUrl({ default: undefined }),
  LOG_LEVEL: str({
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
  }),
  SHUTDOWN_GRACE_MS: integer(0, 600_000)({ default: 8_000 }),
};

/**
 * @param env the environment, in which an empty variable counts as absent
 * @throws ConfigError with one line for each bad variable
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const lines: string[] = [];
  const clean = cleanEnv(present, specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) lines.push(`${name} ${error.message}`);
    },
  });
  const tls = tlsOf(present, lines);
  lines.push(...telemetryProblems(present));
  if (lines.length > 0) throw new ConfigError(lines.join('\n'));
  return {
    serviceName: clean.OTEL_SERVICE_NAME,
    http: { host: clean.HTTP_HOST, port: clean.HTTP_PORT },
    core: {
      target: clean.CORE_SERVICE_HOST,
      timeoutMs: clean.REQUEST_TIMEOUT_MS,
      tls: tls && { files: tls, serverName: clean.CORE_TLS_SERVER_NAME },
    },
    workers: clean.WORKERS,
    load: { maxInFlight: clean.MAX_IN_FLIGHT, maxDelayMs: clean.MAX_QUEUE_DELAY_MS },
    corsOrigins: clean.CORS_ORIGINS,
    mcp: clean.MCP === 'on' ? { hosts: hostsOf(clean) } : undefined,
    publicUrl: clean.PUBLIC_URL,
    agentAuth: clean.AGENT_AUTH,
    limits: {
      searches: clean.SEARCHES_PER_MINUTE,
      bids: clean.BIDS_PER_MINUTE,
      requests: clean.REQUESTS_PER_MINUTE,
    },
    trustProxy: clean.TRUST_PROXY,
    publishedUrl: clean.PUBLISHED_URL,
    logLevel: clean.LOG_LEVEL,
    shutdownGraceMs: clean.SHUTDOWN_GRACE_MS,
  };
}

/** @param lines gets one for each thing that is wrong */
function tlsOf(present: NodeJS.ProcessEnv, lines: string[]): TlsFiles | undefined {
  const names = { ca: 'CORE_TLS_CA', certificate: 'CORE_TLS_CERTIFICATE', key: 'CORE_TLS_KEY' };
  const { files, problems } = nameTlsFiles(names, present);
  lines.push(...problems);
  const alone = [names.certificate, names.key, 'CORE_TLS_SERVER_NAME'].find(
    (name) => present[name] !== undefined,
  );
  if (alone !== undefined && !files.ca) lines.push(togetherWith(alone, names.ca));
  try {
    readTlsFiles(files);
  } catch (error) {
    if (!(error instanceof TlsFilesError)) throw error;
    lines.push(...error.message.split('\n'));
  }
  return files.ca && files;
}

/** A caller who reaches only this machine's own address needs no other name of it, but for the public one. */
function hostsOf(clean: {
  readonly HTTP_HOST: string;
  readonly MCP_HOSTS: readonly string[] | '*' | undefined;
  readonly PUBLIC_URL: string | undefined;
}): readonly string[] | undefined {
  const { MCP_HOSTS: named, PUBLIC_URL: url } = clean;
  if (named === '*' || (named === undefined && !LOOPBACK.test(clean.HTTP_HOST))) return undefined;
  return [...(named ?? []), ...(url === undefined ? [] : [new URL(url).hostname])];
}
