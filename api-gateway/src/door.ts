/** The door of the gateway: what cannot be answered in time is refused before anything is done for it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission, Refusal } from './admission.ts';
import { answerProblem, sendProblem } from './answer-problem.ts';
import { isOverloaded, overloaded, toFault } from './errors.ts';
import { describeFault } from './failed-part.ts';
import { noteOn, requestContext } from './spans/request-span.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Probes must be answered however much there is to do. */
    readonly isAlwaysAdmitted?: true;
  }
}

const refused = new WeakSet<FastifyRequest>();

/**
 * Lets a request go on to send its body, or answers it with 503 OVERLOADED.
 *
 * @returns false when it was answered
 */
export function letKnock(
  admission: Admission,
  request: FastifyRequest,
  reply: FastifyReply,
): boolean {
  if (request.routeOptions.config.isAlwaysAdmitted) return true;
  const refusal = admission.knock();
  if (refusal) refuse(refusal, request, reply);
  return refusal === undefined;
}

/**
 * Takes a request whose body has arrived, or answers it with 503 OVERLOADED.
 *
 * @returns false when it was answered
 */
export function letIn(admission: Admission, request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.routeOptions.config.isAlwaysAdmitted) return true;
  const refusal = admission.enter();
  if (refusal) refuse(refusal, request, reply);
  else reply.raw.once('close', () => admission.leave());
  return refusal === undefined;
}

/** Answers whatever a request that was let in failed with. */
export function answerFailed(
  admission: Admission,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (!isOverloaded(error)) return answerProblem(error, request, reply);
  const { reason, retryAfterSeconds } = admission.refuseLate();
  // Core sees the requests of other gateways too, and this one sees those that it kept back from core.
  const longer = Math.max(retryAfterSeconds, toFault(error).retryAfter ?? 0);
  return refuse({ reason, retryAfterSeconds: longer }, request, reply, error);
}

/** Tells whether there was too much to do for the request: under load nobody reads a line for each. */
export function wasRefused(request: FastifyRequest): boolean {
  return refused.has(request);
}

/** @param error of core, where it was core that refused */
function refuse(
  refusal: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
  error?: unknown,
): FastifyReply {
  refused.add(request);
  const fault = overloaded(refusal.retryAfterSeconds);
  noteOn(requestContext(request), describeFault(fault, error));
  return sendProblem(fault, request, reply);
}
