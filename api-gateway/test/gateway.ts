import { STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import type { LoadLimits } from '../src/admission.ts';
import { Admission } from '../src/admission.ts';
import type { App } from '../src/app-type.ts';
import { buildApp } from '../src/app.ts';
import type { CorsOrigins } from '../src/cors.ts';
import { createCoreClient } from '../src/core-client.ts';
import type { CoreTls } from '../src/core-credentials.ts';
import { CoreThrottle } from '../src/core-throttle.ts';
import type { LimitsConfig } from '../src/limits/quota.ts';
import { createLogger } from '../src/logger.ts';
import type { McpConfig } from '../src/mcp/route.ts';
import type { Problem } from '../src/problem.ts';
import type { AuthOptions } from '../src/signatures/authenticate.ts';
import type { TelemetryStatus } from '../src/telemetry-status.ts';
import type { FakeCore } from './fake-core.ts';
import { startFakeCore, TELEMETRY } from './fake-core.ts';

export interface GatewayOptions {
  readonly timeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly limits?: Partial<LoadLimits>;
  readonly corsOrigins?: CorsOrigins;
  readonly mcp?: McpConfig;
  readonly publicUrl?: string;
  readonly auth?: Omit<AuthOptions, 'publicUrl'>;
  readonly rateLimits?: Partial<LimitsConfig>;
  readonly trustProxy?: readonly string[];
  /** The `host:port` of a real core, in place of the one that a test commands. */
  readonly target?: string;
  /** It says how the gateway speaks TLS to that core. */
  readonly tls?: CoreTls;
  readonly isDraining?: () => boolean;
  readonly telemetry?: TelemetryStatus;
}

export interface Gateway {
  readonly app: App;
  readonly core: FakeCore;
  /** Sends `body` as it is when it is a string or bytes, else as JSON. */
  readonly post: (
    url: string,
    body: object | string | Buffer,
    headers?: Record<string, string>,
  ) => Promise<LightMyRequestResponse>;
  /** Returns every log line so far, parsed. */
  readonly logLines: () => readonly Record<string, unknown>[];
  /** Listens on a free port. */
  readonly listen: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Starts the real app and the real client, before a core that a test commands. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { timeoutMs = 60_000, requestTimeoutMs = 60_000, corsOrigins, limits, mcp } = options;
  const { isDraining = () => false, telemetry = TELEMETRY } = options;
  const core = await startFakeCore();
  const throttle = new CoreThrottle();
  let log = '';
  const write = (text: string): void => {
    log += text;
  };
  const logger = createLogger({ level: 'debug', service: 'aura-gateway' }, { write });
  const { target = core.target, tls } = options;
  const client = createCoreClient({ target, timeoutMs, tls, throttle, logger });
  const admission = new Admission({
    limits: { maxInFlight: 1_000, maxDelayMs: 600_000, ...limits },
    logger,
    upstreamKeepsBack: () => throttle.keepsBack(),
  });
  const app = await buildApp({
    admission,
    core: client,
    logger,
    requestTimeoutMs,
    corsOrigins,
    mcp,
    publicUrl: options.publicUrl,
    auth: options.auth,
    limits: { searches: undefined, bids: undefined, requests: undefined, ...options.rateLimits },
    trustProxy: options.trustProxy,
    isDraining,
    statusOfTelemetry: () => telemetry,
  });
  return {
    app,
    core,
    post: (url, payload, headers = {}) => {
      const type = { 'content-type': 'application/json' };
      return app.inject({ method: 'POST', url, payload, headers: { ...type, ...headers } });
    },
    logLines: () =>
      log
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      return (app.server.address() as AddressInfo).port;
    },
    close: async () => {
      const closed = app.close();
      // A client's pool may hold connections over which it has sent nothing yet.
      app.server.closeAllConnections();
      await closed;
      client.close();
      core.close();
    },
  };
}

type Answer = Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>;

/**
 * Expects the one shape that every error has.
 * @returns the problem, so that a test can look at what is particular to it
 */
export function expectProblem(answer: Answer, status: number): Problem {
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(answer.body) as Problem;
  expect({ line: answer.statusCode, body: problem.status }).toEqual({ line: status, body: status });
  expect(problem.type).toMatch(/^(urn:aura:problem:[a-z-]+|about:blank)$/);
  expect(problem.title).toBe(STATUS_CODES[status]);
  expect(problem.detail).toMatch(/\w/);
  expect(problem.instance).not.toBe('');
  expect(answer.headers['x-request-id']).toMatch(/^[\w.:-]{1,128}$/);
  return problem;
}

/** Expects a 400 that names these fields, in any order, and says something about each. */
export function expectFields(answer: Answer, paths: readonly string[]): void {
  const { errors = [] } = expectProblem(answer, 400);
  expect([...new Set(errors.map(({ path }) => path))].sort()).toEqual([...paths].sort());
  for (const { message } of errors) expect(message).toMatch(/^(must|is) /);
}
