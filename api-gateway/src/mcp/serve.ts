/** Serves a request of MCP: its span, its tool, its answer. It is loaded with the first request. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { context, trace } from '@opentelemetry/api';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { contextForCore } from '../baggage.ts';
import type { CoreClient } from '../core-client.ts';
import { disconnectSignal } from '../disconnect.ts';
import { toFault } from '../errors.ts';
import { traceIds } from '../logger.ts';
import type { Logger } from '../logger.ts';
import { refusal } from '../refusal.ts';
import { redactSecrets } from '../redact.ts';
import { isDeeperThan } from './depth.ts';
import type { Message } from './protocol.ts';
import { createProtocolServer } from './server.ts';
import type { Operation, Outcome } from './telemetry.ts';
import { carriedBaggage, startOperation } from './telemetry.ts';
import { toToolError } from './tool-error.ts';
import type { Tool } from './tools.ts';
import { TOOLS } from './tools.ts';

/** Levels of a message; arguments need four, and what reads a deeper one might recurse. */
const MAX_DEPTH = 32;
/** The headers that the protocol reads. */
const HEADERS = ['mcp-protocol-version', 'mcp-method', 'mcp-name'] as const;

interface Options {
  readonly core: CoreClient;
  readonly logger: Logger;
}

/** A message on its way, with what its tool needs of the HTTP request. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly message: Message;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** What the tool came to, where one was called. */
  outcome?: Outcome;
}

type Serve = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export function createServe({ core, logger }: Options): Serve {
  const exchanges = new WeakMap<Request, Exchange>();
  const server = createProtocolServer(
    async (name, args, web) => {
      const exchange = web && exchanges.get(web);
      const tool = TOOLS.find((each) => each.name === name);
      if (!exchange || !tool) throw new Error('a tool was called without its request');
      return runTool(core, tool, args, exchange);
    },
    (error) => {
      const reason = redactSecrets(error.message).slice(0, 200);
      logger.info({ logger: 'mcp', reason, ...traceIds() }, 'mcp_request_refused');
    },
  );

  return async (request, reply) => {
    const message = readMessage(request.body);
    const operation = startOperation(message, request.headers['mcp-protocol-version']?.toString());
    const { traceId, spanId } = operation.spanContext;
    const signal = disconnectSignal(reply);
    const ids = { request_id: request.id, trace_id: traceId, span_id: spanId };
    const exchange: Exchange = {
      request,
      message,
      signal,
      log: logger.child({ logger: 'mcp', ...ids }),
    };
    const web = toWebRequest(request, signal);
    exchanges.set(web, exchange);
    const response = await context.with(operation.context, () => server.answer(web, message));
    const text = await response.text();
    finish(operation, exchange, response.status, text);
    const type = response.headers.get('content-type');
    reply.code(response.status).header('x-trace-id', traceId);
    return type === null ? reply.send() : reply.type(type).send(text);
  };
}

/** @throws an error with the HTTP status where this is no message that we take */
function readMessage(body: unknown): Message {
  if (body === undefined) throw refusal(400, 'INVALID_JSON_BODY', 'The body is empty.');
  if (Array.isArray(body)) {
    const detail = 'Batches are not supported; send each message in a request of its own.';
    throw refusal(400, 'BATCH_NOT_SUPPORTED', detail);
  }
  if (isDeeperThan(body, MAX_DEPTH)) {
    throw refusal(400, 'NESTED_TOO_DEEPLY', `The message has more than ${MAX_DEPTH} levels.`);
  }
  const { jsonrpc, method } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') {
    throw refusal(400, 'NOT_JSON_RPC', 'The body is no request or notification of JSON-RPC 2.0.');
  }
  return body as Message;
}

/** Makes the request that the package reads, with no more of it than the package needs. */
function toWebRequest({ headers }: FastifyRequest, signal: AbortSignal): Request {
  const accept = headers.accept ?? '*/*';
  // We answer in JSON alone, so that is all that a client has to accept.
  const both = /application\/json|\*\/\*/.test(accept);
  const sent: [string, string][] = HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value.toString()]];
  });
  return new Request('http://gateway/mcp', {
    method: 'POST',
    headers: [
      ['content-type', 'application/json'],
      ['accept', both ? 'application/json, text/event-stream' : accept],
      ...sent,
    ],
    signal,
  });
}

async function runTool(
  core: CoreClient,
  tool: Tool,
  args: unknown,
  exchange: Exchange,
): Promise<CallToolResult> {
  const { request, message, signal, log } = exchange;
  const active = context.active();
  const baggage = carriedBaggage(message) ?? request.headers['baggage']?.toString();
  const callFor = (agentDid?: string) => ({
    requestId: request.id,
    signal,
    log,
    context: contextForCore(active, baggage, agentDid),
  });
  try {
    checkArguments(request, tool, args);
    const { structured, text } = await tool.run(args, { core, callFor });
    return { content: [{ type: 'text', text }], structuredContent: structured };
  } catch (error) {
    const fault = toFault(error);
    if (fault.status === 500) log.error({ err: error }, 'request_failed');
    exchange.outcome = { errorType: 'tool_error', isOurs: fault.status >= 500 };
    return toToolError(fault, trace.getSpanContext(active)?.traceId);
  }
}

/** The arguments are checked as the body of the route is: by the same schema and validator. */
function checkArguments(request: FastifyRequest, tool: Tool, args: unknown): void {
  const validate =
    request.getValidationFunction(tool.input) ?? request.compileValidationSchema(tool.input);
  if (validate(args)) return;
  const { errors } = validate as { readonly errors?: FastifyError['validation'] };
  throw Object.assign(new Error('the arguments are wrong'), { validation: errors ?? [] });
}

function finish(
  operation: Operation,
  { log, outcome, signal }: Exchange,
  status: number,
  text: string,
): void {
  const became = signal.aborted ? CANCELLED : (outcome ?? outcomeOf(status, text));
  const ms = operation.end(became);
  const error = became.errorType !== undefined && { error_type: became.errorType };
  const line = { ...operation.names, ...error, duration_ms: Math.round(ms * 10) / 10 };
  log.info(line, 'mcp_request_completed');
}

/** The client went away, which is nobody's fault. */
const CANCELLED: Outcome = { errorType: 'cancelled', isOurs: false };

function outcomeOf(status: number, text: string): Outcome {
  // The results of the package begin so, and only errors are worth parsing.
  if (text === '' || text.startsWith('{"result"')) return { errorType: undefined, isOurs: false };
  const { error } = JSON.parse(text) as { readonly error?: { readonly code: number } };
  if (error === undefined) return { errorType: undefined, isOurs: false };
  return { errorType: String(error.code), isOurs: status >= 500 || error.code === -32_603 };
}
