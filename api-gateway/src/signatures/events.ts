/** Whether an agent is known, as spans, metrics and the log tell it; signatures and nonces are never told. */
import type { Attributes } from '@opentelemetry/api';
import { metrics, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { contextOf } from '../spans/http-span.ts';
import type { RefusalReason } from './refused.ts';

const requests = metrics.getMeter('aura.gateway').createCounter('aura.agent.requests', {
  description: 'Requests of agents by what came of their signature',
});

/** The SDK looks up what is frozen without working out its hash again. */
const UNSIGNED = Object.freeze({ result: 'unsigned' });
const VERIFIED = Object.freeze({ result: 'verified' });

export function agentUnsigned(request: FastifyRequest): void {
  mark(request, { 'aura.agent.verified': false });
  requests.add(1, UNSIGNED);
}

export function agentVerified(request: FastifyRequest, did: string): void {
  mark(request, { 'aura.agent.verified': true, 'aura.agent.did': did });
  requests.add(1, VERIFIED);
}

/** @param reason one of a few words, never a part of the request */
export function signatureRefused(request: FastifyRequest, reason: RefusalReason): void {
  mark(request, { 'aura.agent.verified': false, 'aura.agent.refusal': reason });
  requests.add(1, { result: 'refused', reason });
  request.log.info({ reason }, 'signature_refused');
}

function mark({ raw }: FastifyRequest, attributes: Attributes): void {
  const parent = contextOf(raw);
  const span = parent === undefined ? trace.getActiveSpan() : trace.getSpan(parent);
  span?.setAttributes(attributes);
}
