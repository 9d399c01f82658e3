/** Serves a request of MCP: its span, its answer, its line. It is loaded with the first request. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { context } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission.ts';
import type { CoreClient } from '../core-client.ts';
import { disconnectSignal } from '../disconnect.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { Logger } from '../logger.ts';
import { envelopeOf, KnownCalls, writeResult } from './known-calls.ts';
import { readMessage } from './read-message.ts';
import type { Exchange } from './run-tool.ts';
import { runTool } from './run-tool.ts';
import { createProtocolServer } from './server.ts';
import type { Operation, Outcome } from './telemetry.ts';
import { startOperation } from './telemetry.ts';
import { findTool } from './tools.ts';

/** The headers that the protocol reads. */
const HEADERS = ['mcp-protocol-version', 'mcp-method', 'mcp-name'] as const;
/** An answer over HTTP; a notification has one without a body. */
interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

interface Parts {
  readonly core: CoreClient;
  readonly admission: Admission;
  readonly limits: RateLimits | undefined;
  readonly logger: Logger;
}

type Serve = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** @returns the handler of the route; it answers in the protocol's terms, and throws before that */
export function createServe({ logger, ...parts }: Parts): Serve {
  // The package hands nothing of ours on to the tools.
  const exchanges = new AsyncLocalStorage<Exchange>();
  const known = new KnownCalls();
  const server = createProtocolServer(
    (tool, args) => {
      const exchange = exchanges.getStore();
      if (!exchange) throw new Error('a tool was called without its request');
      return runTool(parts, tool, args, exchange);
    },
    (error) => {
      const exchange = exchanges.getStore();
      if (exchange) exchange.refusal = error;
    },
  );

  async function answer(exchange: Exchange): Promise<Answer> {
    const { message, request, signal } = exchange;
    const envelope = envelopeOf(message, request.headers);
    const tool = findTool(message.params?.['name']);
    if (tool !== undefined && known.has(envelope)) {
      const result = await runTool(parts, tool, message.params?.['arguments'], exchange);
      const text = writeResult(message, versionOf(request), result);
      return { status: 200, type: 'application/json', text };
    }
    const web = toWebRequest(request, signal);
    const response = await exchanges.run(exchange, () => server.answer(web, message));
    const text = await response.text();
    if (envelope !== undefined && isResult(text)) known.add(envelope);
    const type = response.headers.get('content-type') ?? undefined;
    return { status: response.status, type, text };
  }

  return async (request, reply) => {
    const message = readMessage(request.body);
    const operation = startOperation(message, versionOf(request));
    const exchange = toExchange(request, reply, message, operation, logger);
    const { status, type, text } = await context.with(operation.context, () => answer(exchange));
    finish(operation, exchange, status, text);
    // The caller's message may belong to another trace than its HTTP request.
    if (operation.ids.trace_id !== undefined) reply.header('x-trace-id', operation.ids.trace_id);
    reply.code(status);
    return type === undefined ? reply.send() : reply.type(type).send(text);
  };
}

function versionOf({ headers }: FastifyRequest): string | undefined {
  return headers['mcp-protocol-version']?.toString();
}

function toExchange(
  request: FastifyRequest,
  reply: FastifyReply,
  message: Exchange['message'],
  { ids }: Operation,
  logger: Logger,
): Exchange {
  const log = logger.child({ logger: 'mcp', request_id: request.id, ...ids });
  return { request, message, signal: disconnectSignal(reply), log };
}

/** Makes the request that the package reads, with no more of it than the package needs. */
function toWebRequest({ headers }: FastifyRequest, signal: AbortSignal): Request {
  const { accept = '*/*' } = headers;
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

function finish(
  operation: Operation,
  { log, outcome, refusal, signal }: Exchange,
  status: number,
  text: string,
): void {
  const became = signal.aborted ? CANCELLED : (outcome ?? outcomeOf(status, text));
  const ms = operation.end(became);
  const error = became.errorType !== undefined && { error_type: became.errorType };
  const line = { ...operation.names, ...error, duration_ms: Math.round(ms * 10) / 10 };
  if (status === 500) log.error({ err: refusal }, 'request_failed');
  log.info(line, 'mcp_request_completed');
}

/** The client went away, which is nobody's fault. */
const CANCELLED: Outcome = { errorType: 'cancelled', isOurs: false };
const SUCCEEDED: Outcome = { errorType: undefined, isOurs: false };

function outcomeOf(status: number, text: string): Outcome {
  if (text === '' || isResult(text)) return SUCCEEDED;
  const { error } = JSON.parse(text) as { readonly error?: { readonly code: number } };
  if (error === undefined) return SUCCEEDED;
  return { errorType: String(error.code), isOurs: status >= 500 || error.code === -32_603 };
}

/** The results of the package begin so, and its errors do not. */
function isResult(text: string): boolean {
  return text.startsWith('{"result":');
}
