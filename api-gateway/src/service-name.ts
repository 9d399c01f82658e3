/** The name of the service in traces, metrics and logs. */

const NAME = 'service.name';

/**
 * By OpenTelemetry's specification OTEL_SERVICE_NAME counts before service.name in
 * OTEL_RESOURCE_ATTRIBUTES.
 *
 * @param otherwise the name where neither gives one
 */
export function serviceNameIn(env: NodeJS.ProcessEnv, otherwise: string): string {
  const pairs = (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',').map((pair) => pair.split('='));
  const [, ...named] = pairs.find(([name]) => decoded(name) === NAME) ?? [];
  return env['OTEL_SERVICE_NAME']?.trim() || decoded(named.join('=')) || otherwise;
}

/** A text with a bad percent sign stays as it is; the check of the variables refuses it. */
function decoded(text = ''): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text;
  }
}
