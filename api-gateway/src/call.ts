import { context } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contextForCore } from './baggage.ts';
import type { Call } from './core-client.ts';
import { disconnectSignal } from './disconnect.ts';

/** Returns what goes with the request's call to core. @param agentDid who bids, by the body */
export function callFor(request: FastifyRequest, reply: FastifyReply, agentDid?: string): Call {
  const { baggage } = request.headers;
  return {
    requestId: request.id,
    signal: disconnectSignal(reply),
    // Node joins a header that is given several times.
    context: contextForCore(context.active(), baggage?.toString(), agentDid),
  };
}
