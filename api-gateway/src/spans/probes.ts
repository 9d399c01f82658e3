/** Probes ask for these paths all the time; no span is made of them. */
const HEALTH = new Set(['/healthz', '/readyz', '/health']);

export function isProbe(url = ''): boolean {
  return HEALTH.has(url.split('?', 1)[0] ?? '');
}
