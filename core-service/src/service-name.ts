/** The name of the service in traces, metrics and logs. */

const NAME = 'service.name';

/**
 * By OpenTelemetry's specification OTEL_SERVICE_NAME counts before service.name in
 * OTEL_RESOURCE_ATTRIBUTES.
 *
 * @param otherwise the name where neither gives one
 */
export function serviceNameIn(env: NodeJS.ProcessEnv, otherwise: string): string {
  const own = env['OTEL_SERVICE_NAME']?.trim();
  const { name } = partAttributes(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '');
  return own || name || otherwise;
}

/**
 * @returns the service's name among resource attributes, if it is there, and the other attributes
 *
 * @public for `start`, which parts them for two services
 */
export function partAttributes(text: string): { readonly name?: string; readonly others: string } {
  const pairs = text.split(',');
  const isName = (pair: string): boolean => decoded(pair.split('=', 1)[0]) === NAME;
  const named = pairs.find(isName);
  const others = pairs.filter((pair) => !isName(pair)).join(',');
  return named === undefined
    ? { others }
    : { name: decoded(named.slice(named.indexOf('=') + 1)), others };
}

/** A text with a bad percent sign stays as it is; the check of the variables refuses it. */
function decoded(text = ''): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text;
  }
}
