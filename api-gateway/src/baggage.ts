import { context, propagation } from '@opentelemetry/api';

/**
 * Runs `work` with the agent's DID as W3C baggage, which the gRPC instrumentation hands to core
 * beside what the caller sent. Only `agent_did` of the body says who bids, so an entry of that
 * name from the caller is replaced.
 */
export function withAgent<T>(agentDid: string, work: () => T): T {
  const active = context.active();
  const baggage = propagation.getBaggage(active) ?? propagation.createBaggage();
  const entry = { value: agentDid };
  return context.with(propagation.setBaggage(active, baggage.setEntry('agent_did', entry)), work);
}
