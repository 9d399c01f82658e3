import type { AuraAttributes } from '@aura/proto/telemetry.ts';
import type { Attributes, Context } from '@opentelemetry/api';
import { propagation } from '@opentelemetry/api';

/** Baggage → attributes. */
const BAGGAGE = {
  agent_did: 'aura.agent.did',
  synthetic_request: 'aura.synthetic_request',
} satisfies Readonly<Record<string, keyof AuraAttributes>>;
const MAX_BAGGAGE_LENGTH = 256;
const KEYS = Object.entries(BAGGAGE);

/** Puts the entries that reach a span of what callers send along into its attributes, each cut to its bound. */
export function addBaggage(attributes: Attributes, parent: Context): Attributes {
  const baggage = propagation.getBaggage(parent);
  if (baggage === undefined) return attributes;
  for (const [key, attribute] of KEYS) {
    const value = baggage.getEntry(key)?.value;
    if (value !== undefined) attributes[attribute] = value.slice(0, MAX_BAGGAGE_LENGTH);
  }
  return attributes;
}
