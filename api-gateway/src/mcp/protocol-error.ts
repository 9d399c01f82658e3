/** What goes wrong before a JSON-RPC message is understood, as the error that MCP's transport has. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logFault, sayWhatToDo } from '../answer-problem.ts';
import { toFault } from '../errors.ts';
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
  logFault(fault, error, request.log);
  sayWhatToDo(fault, reply);
  // The reader of the body calls back outside the request's context, so its span is not active here.
  const data = toProblem(fault, '/mcp', reply.getHeader('x-trace-id') as string | undefined);
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
