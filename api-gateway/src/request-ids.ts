import { randomUUID } from 'node:crypto';
import { tellsAgent } from '@aura/proto/agent-name.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIds } from './logger.ts';

/** Returns the caller's request id when it is well formed, and tells no agent that the log must not have; else a new one. */
export function requestIdOf(request: { readonly headers: NodeJS.Dict<string | string[]> }): string {
  const given = request.headers['x-request-id'];
  const isFit = typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) && !tellsAgent(given);
  return isFit ? given : randomUUID();
}

/** Puts the ids of the request and of its trace on the answer. */
export function setIds(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  const { trace_id: traceId } = traceIds();
  if (traceId !== undefined) reply.header('x-trace-id', traceId);
}
