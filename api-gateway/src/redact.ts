/** Session tokens and reservation codes: whoever reads one can use it. */
const BEARER_SECRET = /sess_[\w-]{16,}|AURA(-[0-9A-Z]{8})+/gi;

/** For what a caller wrote where no secret belongs, such as a URL. */
export function redactSecrets(text: string): string {
  return text.replaceAll(BEARER_SECRET, 'REDACTED');
}
