/** Runs a tool the way of the HTTP routes: the same validator, use case, deadline and faults. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { context, trace } from '@opentelemetry/api';
import type { FastifyError, FastifyRequest } from 'fastify';
import type { Admission } from '../admission.ts';
import { logFault } from '../answer-problem.ts';
import { contextForCore } from '../baggage.ts';
import type { CoreClient } from '../core-client.ts';
import { isOverloaded, toFault } from '../errors.ts';
import { describeFault } from '../failed-part.ts';
import { limitTool } from '../limits/limit-agents.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { Logger } from '../logger.ts';
import type { Fault } from '../problem.ts';
import { noteOn } from '../spans/request-span.ts';
import type { Message } from './protocol.ts';
import type { Outcome } from './telemetry.ts';
import { carriedBaggage } from './telemetry.ts';
import { toToolError } from './tool-error.ts';
import type { Tool } from './tools.ts';

/** A message on its way, with what its tool needs of the HTTP request. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly message: Message;
  /** The signal aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The result of the tool, where one failed. */
  outcome?: Outcome;
  /** The error with which the package refused or failed, where it did. */
  refusal?: Error;
}

interface Parts {
  readonly core: CoreClient;
  readonly admission: Admission;
  readonly limits: RateLimits | undefined;
}

/** Runs the tool in the active context. It never rejects: what goes wrong becomes a tool error. */
export async function runTool(
  { core, admission, limits }: Parts,
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
    agent: request.agent ?? undefined,
    context: contextForCore(active, baggage, agentDid ?? request.agent?.did),
  });
  try {
    await limitTool(limits, tool.limit, request);
    checkArguments(request, tool, args);
    const { structured, text } = await tool.run(args, { core, callFor });
    return { content: [{ type: 'text', text }], structuredContent: structured };
  } catch (error) {
    const fault = faultOf(error, admission);
    noteOn(active, describeFault(fault, error));
    if (!signal.aborted) logFault(fault, error, log);
    exchange.outcome = { errorType: 'tool_error', isOurs: fault.status >= 500 };
    return toToolError(fault, trace.getSpanContext(active)?.traceId);
  }
}

/** Where core refused the call, the door has to hear of it, and says how long the caller should wait. */
function faultOf(error: unknown, admission: Admission): Fault {
  const fault = toFault(error);
  if (!isOverloaded(error)) return fault;
  const { retryAfterSeconds } = admission.refuseLate();
  return { ...fault, retryAfter: Math.max(retryAfterSeconds, fault.retryAfter ?? 0) };
}

/** The arguments are checked as the body of the route is: by the same schema and validator. */
function checkArguments(request: FastifyRequest, tool: Tool, args: unknown): void {
  const validate =
    request.getValidationFunction(tool.input) ?? request.compileValidationSchema(tool.input);
  if (validate(args)) return;
  const { errors } = validate as { readonly errors?: FastifyError['validation'] };
  throw Object.assign(new Error('the arguments are wrong'), { validation: errors ?? [] });
}
