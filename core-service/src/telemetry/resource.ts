/** The identity of this process, which traces, metrics and the first log line have alike. */
import cluster from 'node:cluster';
import { getStringListFromEnv } from '@opentelemetry/core';
import type { Resource, ResourceDetector } from '@opentelemetry/resources';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';

const INSTANCE_ID = 'service.instance.id';

/** The names that OTEL_NODE_RESOURCE_DETECTORS may list beside `all` and `none`. */
const DETECTORS: Readonly<Record<string, ResourceDetector>> = {
  host: hostDetector,
  os: osDetector,
  process: processDetector,
};

/**
 * Describes this process. What OTEL_RESOURCE_ATTRIBUTES says counts before what was detected, and that
 * before what we say ourselves. Each process has an id of its own, whichever detectors are chosen.
 *
 * @param version the service's
 */
export function resourceOf(version: string): Resource {
  const own = resourceFromAttributes({ 'service.namespace': 'aura', 'service.version': version });
  const detectors = [serviceInstanceIdDetector, ...chosenDetectors(), envDetector];
  const resource = defaultResource().merge(own).merge(detectResources({ detectors }));
  // Workers inherit the variables of their lead.
  const given = detectResources({ detectors: [envDetector] }).attributes[INSTANCE_ID];
  if (cluster.worker === undefined || typeof given !== 'string') return resource;
  return resource.merge(resourceFromAttributes({ [INSTANCE_ID]: `${given}-${cluster.worker.id}` }));
}

/** A name that is none of these was refused before, or is of a detector that is always there. */
function chosenDetectors(): ResourceDetector[] {
  const names = getStringListFromEnv('OTEL_NODE_RESOURCE_DETECTORS') ?? ['all'];
  if (names.includes('none')) return [];
  if (names.includes('all')) return Object.values(DETECTORS);
  return names.flatMap((name) => DETECTORS[name] ?? []);
}

/** The part of the identity that a log line tells, once for each process; a line costs bytes. */
export function describeResource({ attributes }: Resource): Record<string, unknown> {
  const told = [
    'service.namespace',
    'service.version',
    INSTANCE_ID,
    'deployment.environment.name',
  ] as const;
  const present = told.filter((key) => attributes[key] !== undefined);
  return Object.fromEntries(present.map((key) => [key.replaceAll('.', '_'), attributes[key]]));
}
