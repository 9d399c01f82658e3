/**
 * What telemetry calls an agent, whose DID can be about a person. TELEMETRY_AGENT_ID chooses it; the preload of
 * each service says so before anything is traced, and without a preload agents have their own names.
 */
import { createHmac } from 'node:crypto';

/** `plain`: as the agent calls itself; `hashed`: by a keyed hash of that; `none`: not at all. */
export const AGENT_NAMINGS = ['plain', 'hashed', 'none'] as const;
type AgentNaming = (typeof AGENT_NAMINGS)[number];

/** Stands before a hash, so that nobody takes one for an agent's own name, and it is not hashed again. */
const PREFIX = 'hashed:';
/** Hexadecimal digits that are kept of a hash: 128 bits, so that no two agents have the same. */
const DIGITS = 32;
const HASHED = new RegExp(`^${PREFIX}[0-9a-f]{${DIGITS}}$`);
/** A DID wherever it stands in a text (W3C DID Core 3.1). */
const DID = /\bdid:[a-z0-9]{1,64}:[\w.:%-]+/gi;

let naming: AgentNaming = 'plain';
let key = '';

/** @param env checked before: where agents are hashed there is a key */
export function nameAgentsBy(env: NodeJS.ProcessEnv): void {
  naming = AGENT_NAMINGS.find((each) => each === env['TELEMETRY_AGENT_ID']?.trim()) ?? 'plain';
  key = env['TELEMETRY_AGENT_ID_KEY'] ?? '';
}

/**
 * Returns what telemetry calls an agent: the same in all processes that have the same key (HMAC-SHA-256, cut
 * to 128 bits), or undefined where it is not to be told. What is hashed already stays as it is, because core
 * gets from the gateway what the gateway calls the agent.
 */
export function agentName(id: string): string | undefined {
  if (naming === 'none') return undefined;
  if (naming === 'plain' || HASHED.test(id)) return id;
  return PREFIX + createHmac('sha256', key).update(id).digest('hex').slice(0, DIGITS);
}

/** Returns a text that a caller wrote with what telemetry calls the agents, in place of each DID in it. */
export function hideAgents(text: string): string {
  if (naming === 'plain') return text;
  return text.replaceAll(DID, (did) => agentName(did) ?? 'REDACTED');
}

/** Tells whether a text has a DID in it that telemetry must not have. */
export function tellsAgent(text: string): boolean {
  return hideAgents(text) !== text;
}
