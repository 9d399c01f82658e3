import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
// The instrumentation replaces the default export only, so the named one would not be traced.
import createFastify, { LogController } from 'fastify';
import type { FastifyRequest } from 'fastify';
import type { Admission } from './admission.ts';
import { answerNotFound, pathOf } from './answer-problem.ts';
import type { App } from './app-type.ts';
import type { CoreClient } from './core-client.ts';
import { discoveryRoutes } from './discovery.ts';
import { collectOpenApi, docsRoutes } from './docs.ts';
import { answerFailed, letIn, letKnock, wasRefused } from './door.ts';
import type { McpConfig } from './mcp/route.ts';
import { mcpRoute } from './mcp/route.ts';
import { makeDecodable, refuseBadUrl } from './bad-url.ts';
import { readBodies } from './body.ts';
import type { CorsOrigins } from './cors.ts';
import { allowOrigins } from './cors.ts';
import { checkHost } from './host.ts';
import { createHttpServer } from './http-server.ts';
import { buildLazySerializer } from './lazy-serializers.ts';
import { createLimits, limitAgents } from './limits/limit-agents.ts';
import type { LimitsConfig } from './limits/quota.ts';
import type { Logger } from './logger.ts';
import { traceIds } from './logger.ts';
import { answerMalformed } from './malformed.ts';
import { Problem } from './problem.ts';
import { refuseQuery } from './query.ts';
import { redactSecrets } from './redact.ts';
import { refuseRepeatedHeaders } from './repeated-headers.ts';
import { requestIdOf, setIds } from './request-ids.ts';
import { healthRoutes } from './routes/health.ts';
import { negotiateRoute } from './routes/negotiate.ts';
import { receiptKeysRoute } from './routes/receipt-keys.ts';
import { reservationRoutes } from './routes/reservations.ts';
import { searchRoute } from './routes/search.ts';
import type { AuthOptions } from './signatures/authenticate.ts';
import { authenticateAgents } from './signatures/authenticate.ts';
import { traceRoutes } from './spans/request-span.ts';
import type { TelemetryStatus } from './telemetry-status.ts';

/** Bytes of a request's body; a longer one is refused with 413. */
const BODY_LIMIT_BYTES = 16 * 1024;
/** Connections that may be open; the next one is closed at once. An idle one costs some kilobytes. */
const MAX_CONNECTIONS = 10_000;
/** Characters of a part of the path, as many as Node takes of all headers; there is no longer one. */
const MAX_PARAM_LENGTH = 16 * 1024;
/** Characters of a path that a log line has; the rest is cut off. */
const LOGGED_PATH_LENGTH = 256;

export interface AppOptions {
  readonly core: CoreClient;
  readonly logger: Logger;
  readonly admission: Admission;
  /** Milliseconds a request may take to arrive, more than core's deadline; a later one is cut with 408. */
  readonly requestTimeoutMs: number;
  /** Pages of these origins may call the API from a browser; without it none may. */
  readonly corsOrigins?: CorsOrigins | undefined;
  /** Serves MCP at `/mcp`, unless it is undefined. */
  readonly mcp?: McpConfig | undefined;
  /** The origin by which agents reach the gateway; without it each request tells. */
  readonly publicUrl?: string | undefined;
  /** It says how agents' signatures are taken; without it nobody looks at them. */
  readonly auth?: Omit<AuthOptions, 'publicUrl'> | undefined;
  /** It says how often callers may ask; without it they ask as often as they like. */
  readonly limits?: LimitsConfig | undefined;
  /** The addresses of proxies whose word is taken for where a request came from. */
  readonly trustProxy?: readonly string[] | undefined;
  readonly isDraining?: () => boolean;
  /** How the gateway's own telemetry fares; `/health` tells of it. */
  readonly statusOfTelemetry: () => TelemetryStatus;
}

/** Builds the HTTP edge, ready to `listen` or to be asked through `inject`. */
export async function buildApp(options: AppOptions): Promise<App> {
  const {
    core,
    admission,
    corsOrigins,
    mcp,
    isDraining = () => false,
    statusOfTelemetry,
  } = options;
  const app = createServer(options);
  app.server.maxConnections = MAX_CONNECTIONS;
  // Node would answer an unknown `Expect` with an empty 417; the request is served without it.
  app.server.on('checkExpectation', (...call) => app.server.emit('request', ...call));
  app.addSchema(Problem);
  app.setErrorHandler((...failed) => answerFailed(admission, ...failed));
  traceRoutes(app);
  app.setNotFoundHandler((request, reply) => answerNotFound(app, request, reply));
  // Errors have the headers of CORS too, so that pages can read them.
  if (corsOrigins !== undefined) await allowOrigins(app, corsOrigins);
  const tellsStarts = options.logger.isLevelEnabled('debug');
  // An async hook would cost each request a promise and a turn of the microtasks.
  app.addHook('onRequest', (request, reply, done) => {
    setIds(request, reply);
    if (!letKnock(admission, request, reply)) return;
    if (tellsStarts) {
      const { method } = request;
      request.log.debug({ method, path: loggedPath(request) }, 'request_started');
    }
    checkHost(request);
    refuseBadUrl(request);
    refuseRepeatedHeaders(request);
    done();
  });
  readBodies(app);
  app.addHook('preValidation', (request, reply, done) => {
    if (!letIn(admission, request, reply)) return;
    refuseQuery(request);
    done();
  });
  const { auth = { mode: 'off' }, publicUrl } = options;
  authenticateAgents(app, { ...auth, publicUrl });
  const limits = await createLimits(options.limits);
  if (limits !== undefined) limitAgents(app, limits);
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      ...placeOf(request),
      ...(request.agent !== undefined && { agent_verified: request.agent !== null }),
      status_code: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log[wasRefused(request) ? 'debug' : 'info'](line, 'request_completed');
    done();
  });

  await collectOpenApi(app);
  searchRoute(app, core);
  negotiateRoute(app, core);
  reservationRoutes(app, core);
  receiptKeysRoute(app, core);
  if (mcp !== undefined)
    mcpRoute(app, { ...mcp, core, admission, limits, corsOrigins, logger: options.logger });
  discoveryRoutes(app, { publicUrl, hasMcp: mcp !== undefined });
  healthRoutes(app, core, { isDraining, statusOfTelemetry });
  docsRoutes(app);
  return app;
}

/** Returns the route that took the request; where none did, the path says what was asked for. */
function placeOf(request: FastifyRequest): { readonly route: string } | { readonly path: string } {
  const route = request.routeOptions.url;
  return route === undefined ? { path: loggedPath(request) } : { route };
}

function serverLevel(logger: Logger): string {
  return logger.isLevelEnabled('warn') ? 'warn' : logger.level;
}

function loggedPath(request: FastifyRequest): string {
  return redactSecrets(pathOf(request)).slice(0, LOGGED_PATH_LENGTH);
}

function createServer({ logger, requestTimeoutMs, trustProxy = [] }: AppOptions): App {
  const log = logger.child({ logger: 'http' });
  return createFastify({
    // Fastify would say of each address that it listens, and main.ts says it in one line.
    loggerInstance: logger.child({ logger: 'server' }, { level: serverLevel(logger) }),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    genReqId: requestIdOf,
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    // A child of the server's logger would have the key `logger` twice.
    childLoggerFactory: (_server, bindings, childOptions) =>
      log.child({ ...bindings, ...traceIds() }, childOptions),
    bodyLimit: BODY_LIMIT_BYTES,
    serverFactory: (listener) => createHttpServer(listener, requestTimeoutMs),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    schemaController: { compilersFactory: { buildSerializer: buildLazySerializer } },
    ajv: {
      customOptions: {
        // The schemas are our own, and to compile the one of JSON Schema itself costs each start 20 ms.
        meta: false,
        validateSchema: false,
        allowUnionTypes: true,
        coerceTypes: false,
        removeAdditional: false,
        allErrors: true,
        verbose: true,
      },
    },
    clientErrorHandler: answerMalformed,
    rewriteUrl: makeDecodable,
    // The schema refuses a longer code in the caller's words, and the hooks run before it does.
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as App;
}
