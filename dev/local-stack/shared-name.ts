/** The two services cannot share a name, so `start` lets each keep its own. */
import { serviceNameIn } from '../../core-service/src/service-name.ts';

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
  const pairs = (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',');
  const others = pairs.filter((pair) => !serviceNameIn({ OTEL_RESOURCE_ATTRIBUTES: pair }, ''));
  if (others.length === pairs.length) return said;
  env['OTEL_RESOURCE_ATTRIBUTES'] = others.join(',');
  return [...said, `service.name in OTEL_RESOURCE_ATTRIBUTES ${why}`];
}
