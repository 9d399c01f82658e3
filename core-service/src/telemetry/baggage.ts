import { agentName, hideAgents } from '@aura/proto/agent-name.ts';
import type { AuraAttributes } from '@aura/proto/telemetry.ts';
import type { Attributes, Context } from '@opentelemetry/api';
import { propagation } from '@opentelemetry/api';

type Tell = (text: string) => string | undefined;

/** Baggage → attributes, and what is told of each. */
const BAGGAGE: readonly (readonly [key: string, attribute: keyof AuraAttributes, tell: Tell])[] = [
  ['agent_did', 'aura.agent.did', agentName],
  ['synthetic_request', 'aura.synthetic_request', hideAgents],
];
const MAX_BAGGAGE_LENGTH = 256;

/** Puts the entries that reach a span of what callers send along into its attributes, each cut to its bound. */
export function addBaggage(attributes: Attributes, parent: Context): Attributes {
  const baggage = propagation.getBaggage(parent);
  if (baggage === undefined) return attributes;
  for (const [key, attribute, tell] of BAGGAGE) {
    const given = baggage.getEntry(key)?.value.slice(0, MAX_BAGGAGE_LENGTH);
    const value = given === undefined ? undefined : tell(given);
    if (value !== undefined) attributes[attribute] = value;
  }
  return attributes;
}
