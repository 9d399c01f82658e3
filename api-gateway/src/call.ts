import { context } from '@opentelemetry/api';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { contextForCore } from './baggage.ts';
import type { Call } from './core-client.ts';
import { disconnectSignal } from './disconnect.ts';

/** A call with the log of its request, whose lines have the request's ids. */
export interface LoggedCall extends Call {
  readonly log: Pick<FastifyBaseLogger, 'info'>;
}

/** Returns what goes with the request's call to core. @param agentDid who bids, by the body */
export function callFor(
  request: FastifyRequest,
  reply: FastifyReply,
  agentDid?: string,
): LoggedCall {
  const { baggage } = request.headers;
  return {
    requestId: request.id,
    signal: disconnectSignal(reply),
    log: request.log,
    agent: request.agent ?? undefined,
    // Node joins a header that is given several times.
    context: contextForCore(context.active(), baggage?.toString(), agentDid ?? request.agent?.did),
  };
}
