import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';
import { describeCore, toFault } from './errors.ts';
import { describeFault } from './failed-part.ts';
import type { Fault } from './problem.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';
import { acceptSignature } from './signatures/accept-signature.ts';
import { noteOn, requestContext } from './spans/request-span.ts';

/**
 * The methods that the `Allow` header of a 405 can name. OPTIONS is not among them: with CORS it has
 * a route for every path, whether there is anything or not.
 */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Answers whatever a request failed with. */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const fault = toFault(error);
  noteOn(requestContext(request), describeFault(fault, error));
  // A caller who went away has cancelled the call to core; `request_cancelled` has told of it.
  if (!reply.raw.closed) logFault(fault, error, request.log);
  return sendProblem(fault, request, reply);
}

/**
 * Logs what is no mistake of the caller, once: an unknown error whole, and the failure of a part of
 * Aura with what core or grpc-js said of it, which the caller is not told. A refusal under overload
 * has no line here, because many lines are the last thing that an overloaded service needs.
 */
export function logFault(
  fault: Fault,
  error: unknown,
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>,
): void {
  if (fault.status < 500 || fault.reason === 'OVERLOADED') return;
  if (fault.status === 500) return log.error({ err: error }, 'request_failed');
  const { status: statusCode, reason } = fault;
  log.warn({ status_code: statusCode, reason, ...describeCore(error) }, 'request_failed');
}

/** Answers 405 with `Allow` where the path exists under another method, else 404. */
export function answerNotFound(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
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

/** Returns the path of the request without its query, as the caller wrote it. */
export function pathOf(request: FastifyRequest): string {
  return request.originalUrl.split('?', 1)[0] ?? '/';
}

/** Answers with the fault, as every error is answered. */
export function sendProblem(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  sayWhatToDo(fault, reply);
  // The reader of the body calls back outside the request's context, so its span is not active here.
  const traceId = reply.getHeader('x-trace-id') as string | undefined;
  const problem = toProblem(fault, pathOf(request), traceId);
  return reply.code(fault.status).type(PROBLEM_TYPE).send(problem);
}

/** Puts what the caller can do about the fault into the header that tells it. */
export function sayWhatToDo({ status, retryAfter }: Fault, reply: FastifyReply): void {
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (status === 401) reply.header('accept-signature', acceptSignature());
}
