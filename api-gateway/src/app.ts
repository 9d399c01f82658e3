import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyReply, FastifyRequest } from 'fastify';
// The default import: the instrumentation replaces that one only.
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

const BODY_LIMIT_BYTES = 16 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** A page that asks nobody but this gateway. */
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
  /** Longer than core's deadline; what takes longer to arrive is cut. */
  readonly requestTimeoutMs: number;
  readonly isDraining?: () => boolean;
  readonly isTelemetryOk?: () => boolean;
}

/** The HTTP edge, ready to `listen` or to be asked through `inject`. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { core, logger, isDraining = () => false, isTelemetryOk = () => true } = options;
  const app = createFastify({
    loggerInstance: logger.child({ logger: 'server' }),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    genReqId: requestIdOf,
    // Not a child of the server's, which would have the key `logger` twice.
    childLoggerFactory: (_server, bindings, childOptions) =>
      logger.child({ logger: 'http', ...bindings, ...traceIds() }, childOptions),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: options.requestTimeoutMs,
    connectionTimeout: options.requestTimeoutMs * 4,
    keepAliveTimeout: 72_000,
    http: {
      headersTimeout: Math.min(5_000, options.requestTimeoutMs),
      // Node looks for late requests only every half minute otherwise.
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

  // Node would refuse an unknown `Expect` with an empty answer; it may be passed over just as well.
  app.server.on('checkExpectation', (...call) => app.server.emit('request', ...call));
  // JSON is the only language here; Fastify would also take plain text.
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
        description: 'The seller’s side of agent commerce: search an inventory, haggle, close.',
      },
      // Wherever the document was fetched from.
      servers: [{ url: '/' }],
      tags: [{ name: 'commerce' }, { name: 'health' }],
    },
    // Referenced schemas keep their names in the document.
    refResolver: {
      buildLocalReference: (json, _base, _uri, i) =>
        (json['$id'] as string | undefined) ?? `def-${i}`,
    },
  });
  searchRoute(app, core);
  negotiateRoute(app, core);
  reservationRoutes(app, core);
  healthRoutes(app, core, { isDraining, isTelemetryOk });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(scalar, { routePrefix: '/docs', configuration: DOCS });
  return app;
}

/** The caller's request id when it is well formed, else a new one. */
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
  // The unknown is logged here, once; what the caller did wrong is in the caller's answer.
  if (fault.status === 500) request.log.error({ err: error }, 'request_failed');
  return sendProblem(fault, request, reply);
}

function sendProblem(fault: Fault, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
  const problem = toProblem(fault, pathOf(request), traceIds().trace_id);
  return reply.code(fault.status).type(PROBLEM_TYPE).send(problem);
}

/** 405 with `Allow` where the path is there under another method, else 404. */
function answerNotFound(app: App, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request);
  const allowed = METHODS.filter((method) => app.findRoute({ method, url: path }) !== null);
  if (allowed.length === 0) {
    const detail = `There is nothing at ${path}; GET /docs shows what there is.`;
    return sendProblem({ status: 404, reason: 'NOT_FOUND', detail }, request, reply);
  }
  reply.header('allow', allowed.join(', '));
  const detail = `${path} answers ${allowed.join(', ')}, not ${request.method}.`;
  return sendProblem({ status: 405, reason: 'METHOD_NOT_ALLOWED', detail }, request, reply);
}
