import { isUtf8 } from 'node:buffer';
import { agentName, hideAgents } from '@aura/proto/agent-name.ts';
import type { Context } from '@opentelemetry/api';
import { propagation } from '@opentelemetry/api';

/** Core puts these entries on its spans. */
const OURS = ['agent_did', 'synthetic_request'] as const;
/** What core is told of each, because its spans keep it. */
const TOLD = { agent_did: agentName, synthetic_request: hideAgents };
/** Most characters of an entry of ours; core's spans keep no more. */
const MAX_VALUE_LENGTH = 256;

/**
 * Returns the request's context with the baggage that core gets. Our entries come first, because the
 * propagator drops the last ones when there are more than W3C baggage allows (180 entries, 8192
 * bytes). They are read from the header itself, which the propagator reads only up to those limits.
 * An entry's properties go on only where gRPC can carry them: one that it cannot would cost all of
 * the baggage.
 *
 * @param active the context, with the baggage that the propagator read
 * @param header the caller's `baggage`
 * @param agentDid who bids, by the body; it replaces what the baggage says, and goes on as telemetry calls it
 */
export function contextForCore(
  active: Context,
  header: string | undefined,
  agentDid?: string,
): Context {
  if (header === undefined) {
    const value = agentDid === undefined ? undefined : told('agent_did', agentDid);
    if (value === undefined) return active;
    return propagation.setBaggage(active, propagation.createBaggage({ agent_did: { value } }));
  }
  const values = ourValues(header);
  if (agentDid !== undefined) values.set('agent_did', agentDid);
  let baggage = propagation.createBaggage();
  for (const key of OURS) {
    const given = values.get(key);
    const value = given && told(key, given);
    if (value !== undefined) baggage = baggage.setEntry(key, { value });
  }
  for (const [key, entry] of propagation.getBaggage(active)?.getAllEntries() ?? []) {
    if (Object.hasOwn(TOLD, key)) continue;
    const isCarried = /^[\x20-\x7e]*$/.test(String(entry.metadata ?? ''));
    baggage = baggage.setEntry(key, isCarried ? entry : { value: entry.value });
  }
  return propagation.setBaggage(active, baggage);
}

/** Half a character cannot be percent-encoded. */
function told(key: (typeof OURS)[number], value: string): string | undefined {
  return TOLD[key](value.slice(0, MAX_VALUE_LENGTH).toWellFormed());
}

/**
 * Reads our entries as they were meant. The propagator drops a value with a `%` that encodes nothing,
 * such as `100%`, and Node hands the bytes of a header on as Latin-1, whatever they are.
 */
function ourValues(header: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const entry of header.split(',')) {
    const [pair = ''] = entry.split(';', 1);
    const at = pair.indexOf('=');
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)].map((part) => decode(part.trim()));
    if (at > 0 && key && value) values.set(key, value);
  }
  return values;
}

/** Decodes what is percent-encoded; such bytes that are no UTF-8 become U+FFFD, as W3C baggage has it. */
function decode(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = isUtf8(bytes) ? bytes.toString() : latin1;
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
  );
}
