/**
 * The environment, read once. `readConfig` answers with a typed, nested config or throws a
 * ConfigError that has one line for each bad variable.
 */
import { cleanEnv, makeValidator, str } from 'envalid';

export interface Config {
  readonly serviceName: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly core: {
    /** A gRPC target: `host:port`, or `dns:///name:port` for several replicas. */
    readonly target: string;
    readonly timeoutMs: number;
  };
  readonly logLevel: string;
  readonly shutdownGraceMs: number;
}

export class ConfigError extends Error {}

/** Takes digits alone: `8.000` could be eight thousand, and Number would make it eight. */
const integer = (min: number, max: number) =>
  makeValidator<number>((text) => {
    const digits = text.trim();
    const value = Number(digits);
    if (!/^\d{1,15}$/.test(digits) || value < min || value > max) {
      const range = `must be a whole number from ${min} to ${max} in digits alone`;
      throw new Error(`${range}, not "${text}"`);
    }
    return value;
  });

const target = makeValidator<string>((text) => {
  if (!/^(dns:\/{2,3})?[^\s/]+:\d{1,5}$/.test(text)) {
    throw new Error(`must look like host:50051 or dns:///name:50051, not "${text}"`);
  }
  return text;
});

const specs = {
  OTEL_SERVICE_NAME: str({ default: 'aura-gateway' }),
  HTTP_HOST: str({ default: '127.0.0.1' }),
  HTTP_PORT: integer(0, 65_535)({ default: 8_000 }),
  CORE_SERVICE_HOST: target({ default: '127.0.0.1:50051' }),
  REQUEST_TIMEOUT_MS: integer(100, 600_000)({ default: 8_000 }),
  LOG_LEVEL: str({
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
  }),
  SHUTDOWN_GRACE_MS: integer(0, 600_000)({ default: 8_000 }),
};

/**
 * @param env an empty variable counts as absent
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
  if (lines.length > 0) throw new ConfigError(lines.join('\n'));
  return {
    serviceName: clean.OTEL_SERVICE_NAME,
    http: { host: clean.HTTP_HOST, port: clean.HTTP_PORT },
    core: { target: clean.CORE_SERVICE_HOST, timeoutMs: clean.REQUEST_TIMEOUT_MS },
    logLevel: clean.LOG_LEVEL,
    shutdownGraceMs: clean.SHUTDOWN_GRACE_MS,
  };
}
