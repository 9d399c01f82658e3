/** The two services cannot share a name, so `start` lets each keep its own. */
import { partAttributes } from '../../core-service/src/service-name.ts';

/**
 * Takes the name that OpenTelemetry's variables give a service out of them.
 *
 * @returns a sentence for each of them that had one
 */
export function dropSharedName(env: NodeJS.ProcessEnv): string[] {
  const said: string[] = [];
  const why = 'is not used, because two services cannot share one name';
  if (env['OTEL_SERVICE_NAME']) said.push(`OTEL_SERVICE_NAME ${why}`);
  delete env['OTEL_SERVICE_NAME'];
  const { name, others } = partAttributes(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '');
  if (name === undefined) return said;
  env['OTEL_RESOURCE_ATTRIBUTES'] = others;
  return [...said, `service.name in OTEL_RESOURCE_ATTRIBUTES ${why}`];
}
