/** Whether an agent is known, as spans, metrics and the log tell it; signatures and nonces are never told. */
import { agentName } from '@aura/proto/agent-name.ts';
import { metrics } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { noteOn, requestContext } from '../spans/request-span.ts';
import type { RefusalReason } from './refused.ts';

const requests = metrics.getMeter('aura.gateway').createCounter('aura.agent.requests', {
  description: 'Requests of agents by what came of their signature',
  unit: '{request}',
});

/** The SDK looks up what is frozen without working out its hash again. */
const UNSIGNED = Object.freeze({ 'aura.agent.auth': 'unsigned' });
const VERIFIED = Object.freeze({ 'aura.agent.auth': 'verified' });

export function agentUnsigned(request: FastifyRequest): void {
  noteOn(requestContext(request), { 'aura.agent.verified': false });
  requests.add(1, UNSIGNED);
}

export function agentVerified(request: FastifyRequest, did: string): void {
  const name = agentName(did);
  noteOn(requestContext(request), {
    'aura.agent.verified': true,
    ...(name !== undefined && { 'aura.agent.did': name }),
  });
  requests.add(1, VERIFIED);
}

/** @param reason one of a few words, never a part of the request */
export function signatureRefused(request: FastifyRequest, reason: RefusalReason): void {
  noteOn(requestContext(request), { 'aura.agent.verified': false, 'aura.agent.refusal': reason });
  requests.add(1, { 'aura.agent.auth': 'refused', 'aura.agent.refusal': reason });
  request.log.info({ reason }, 'signature_refused');
}
