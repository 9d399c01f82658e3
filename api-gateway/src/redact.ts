import { hideAgents } from '@aura/proto/agent-name.ts';

/**
 * Session tokens and reservation codes are bearer secrets: whoever reads one can use it. A code may
 * be written in any letter case and without its hyphens, and one that is mistyped is not for others
 * either.
 */
const BEARER_SECRET = /sess_[\w-]{16,}|AURA[^/?&#]{8,}/gi;

/**
 * Redacts the secrets in a text that others will read, such as a URL, percent-encoded or not, and each DID
 * that telemetry is not to have.
 */
export function redactSecrets(text: string): string {
  const plain = text.replace(/%([0-7][\da-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const redacted = hideAgents(plain.replaceAll(BEARER_SECRET, 'REDACTED'));
  return redacted === plain ? text : redacted;
}
