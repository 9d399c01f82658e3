/** The words of AGENT_AUTH: signatures are not looked at, verified where there are any, or asked for. */
export const AGENT_AUTH = ['off', 'optional', 'required'] as const;
export type AgentAuth = (typeof AGENT_AUTH)[number];
