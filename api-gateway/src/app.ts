import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyReply, FastifyRequest } from 'fastify';
// The instrumentation replaces the default export only, so the named one would not be traced.
import createFastify, { LogController } from 'fastify';
import type { App } from './app-type.ts';
import type { CoreClient } from './core-client.ts';
import { toFault } from './errors.ts';
import { checkHead } from './head.ts';
import type { Logger } from './logger.ts';
import { traceIds } from './logger.ts';
import { answerMalformed } from './malformed.ts';
import type { Fault } from './problem.ts';
import { Problem, PROBLEM_TYPE, toProblem } from './problem.ts';
import { redactSecrets } from './redact.ts';
import { healthRoutes } from './routes/health.ts';
import { negotiateRoute } from './routes/negotiate.ts';
import { reservationRoutes } from './routes/reservations.ts';
import { searchRoute } from './routes/search.ts';

/** Bytes of a request's body; a longer one is refused with 413. */
const BODY_LIMIT_BYTES = 16 * 1024;
/** The methods that the `Allow` header of a 405 can name. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** The documentation page loads nothing but what this gateway serves. */
const DOCS = {
  url: '/openapi.json',
  pageTitle: 'Aura: the API',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  showDeveloperTools: 'never',
} as const;

export interface AppOptions {
  readonly core: CoreClient;
  readonly logger: Logger;
  /** Milliseconds a request may take to arrive, more than core's deadline; a later one is cut with 408. */
  readonly requestTimeoutMs: number;
  readonly isDraining?: () => boolean;
}

/** Builds the HTTP edge, ready to `listen` or to be asked through `inject`. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { core, logger, isDraining = () => false } = options;
  const app = createFastify({
    loggerInstance: logger.child({ logger: 'server' }),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    genReqId: requestIdOf,
    // A child of the server's logger would have the key `logger` twice.
    childLoggerFactory: (_server, bindings, childOptions) =>
      logger.child({ logger: 'http', ...bindings, ...traceIds() }, childOptions),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: options.requestTimeoutMs,
    connectionTimeout: options.requestTimeoutMs * 4,
    keepAliveTimeout: 72_000,
    http: {
      headersTimeout: Math.min(5_000, options.requestTimeoutMs),
      // By default Node looks for late requests only every half minute.
      connectionsCheckingInterval: 1_000,
      requireHostHeader: false,
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    ajv: {
      customOptions: {
        allowUnionTypes: true,
        coerceTypes: false,
        removeAdditional: false,
        allErrors: true,
        verbose: true,
      },
    },
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error, request, reply) => {
      setIds(request, reply);
      return answerProblem(error, request, reply);
    },
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as App;

  // Node would answer an unknown `Expect` with an empty 417; the request is served without it.
  app.server.on('checkExpectation', (...call) => app.server.emit('request', ...call));
  // Fastify would also take plain text; the API takes JSON only.
  app.removeContentTypeParser('text/plain');
  app.addSchema(Problem);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request, reply) => answerNotFound(app, request, reply));
  app.addHook('onRequest', async (request, reply) => {
    setIds(request, reply);
    const path = redactSecrets(pathOf(request));
    request.log.debug({ method: request.method, path }, 'request_started');
    checkHead(request);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    const line = { method, route: routeOptions.url, status_code: reply.statusCode };
    request.log.info({ ...line, duration_ms: durationMs }, 'request_completed');
  });

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Aura',
        version: '1.0.0',
        description:
          'The seller’s side of agent commerce: search an inventory, haggle over a price, close the deal.',
      },
      // The API is wherever the document was fetched from.
      servers: [{ url: '/' }],
      tags: [{ name: 'commerce' }, { name: 'health' }],
    },
    // Schemas that others refer to keep their names in the document.
    refResolver: {
      buildLocalReference: (json, _base, _uri, i) =>
        (json['$id'] as string | undefined) ?? `def-${i}`,
    },
  });
  searchRoute(app, core);
  negotiateRoute(app, core);
  reservationRoutes(app, core);
  healthRoutes(app, core, isDraining);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(scalar, { routePrefix: '/docs', configuration: DOCS });
  return app;
}

/** Returns the caller's request id when it is well formed, else a new one. */
function requestIdOf(request: { readonly headers: NodeJS.Dict<string | string[]> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

function setIds(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  const { trace_id: traceId } = traceIds();
  if (traceId !== undefined) reply.header('x-trace-id', traceId);
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = toFault(error);
  // An unknown error is logged here, once; the caller's mistakes are in the caller's answer.
  if (fault.status === 500) request.log.error({ err: error }, 'request_failed');
  return sendProblem(fault, request, reply);
}

function sendProblem(fault: Fault, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
  const problem = toProblem(fault, pathOf(request), traceIds().trace_id);
  return reply.code(fault.status).type(PROBLEM_TYPE).send(problem);
}

/** Answers 405 with `Allow` where the path exists under another method, else 404. */
function answerNotFound(app: App, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request);
  const allowed = METHODS.filter((method) => app.findRoute({ method, url: path }) !== null);
  if (allowed.length === 0) {
    const detail = `Nothing is served at ${path}; GET /docs shows what is.`;
    return sendProblem({ status: 404, reason: 'NOT_FOUND', detail }, request, reply);
  }
  reply.header('allow', allowed.join(', '));
  const detail = `${path} answers ${allowed.join(', ')}, not ${request.method}.`;
  return sendProblem({ status: 405, reason: 'METHOD_NOT_ALLOWED', detail }, request, reply);
}
