/** What goes wrong before a JSON-RPC message is understood, as the error that MCP's transport has. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toFault } from '../errors.ts';
import { traceIds } from '../logger.ts';
import type { Fault } from '../problem.ts';
import { toProblem } from '../problem.ts';

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;
/** JSON-RPC leaves the numbers from here to the implementation. */
const SERVER_ERROR = -32_000;

/** The error handler of the route of MCP: a JSON-RPC error with the problem as its data. */
export function answerProtocolError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const fault = toFault(error);
  if (fault.status === 500) request.log.error({ err: error }, 'request_failed');
  if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
  const data = toProblem(fault, '/mcp', traceIds().trace_id);
  const body = {
    jsonrpc: '2.0',
    id: null,
    error: { code: codeOf(fault), message: fault.detail, data },
  };
  return reply.code(fault.status).type('application/json').send(JSON.stringify(body));
}

function codeOf({ status, reason }: Fault): number {
  if (reason === 'INVALID_JSON_BODY' || reason === 'INVALID_BODY_TEXT') return PARSE_ERROR;
  if (status === 400) return INVALID_REQUEST;
  return status === 500 ? INTERNAL_ERROR : SERVER_ERROR;
}
