import { metrics } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import type { Quota } from './quota.ts';

const limited = metrics.getMeter('aura.gateway').createCounter('aura.requests.limited', {
  description: 'Requests that were refused because their caller asked too often',
  unit: '{request}',
});

/** A caller asked too often; under load nobody reads a line for each. */
export function requestLimited(log: Pick<FastifyBaseLogger, 'debug'>, { name }: Quota): void {
  limited.add(1, { 'aura.limit': name });
  log.debug({ limit: name }, 'request_limited');
}
