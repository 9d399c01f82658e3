/**
 * Files that both services have, word for word: they share no package but the contract, and these are
 * no part of it. A change of one must reach the other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Reads a file without the paths of its imports, in which alone the two may differ. */
function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll(/from '\.{1,2}\//g, "from './");
}

test.each([
  ['core-service/src/telemetry-variables.ts', 'api-gateway/src/telemetry-variables.ts'],
  ['core-service/src/telemetry-values.ts', 'api-gateway/src/telemetry-values.ts'],
  ['core-service/src/admission.ts', 'api-gateway/src/admission.ts'],
  ['core-service/src/refused-share.ts', 'api-gateway/src/refused-share.ts'],
  ['core-service/src/workers.ts', 'api-gateway/src/workers.ts'],
  ['core-service/src/telemetry/metric-reader.ts', 'api-gateway/src/metric-reader.ts'],
  ['core-service/src/telemetry/worker-metrics.ts', 'api-gateway/src/worker-metrics.ts'],
  ['core-service/src/telemetry-unused.ts', 'api-gateway/src/telemetry-unused.ts'],
  ['core-service/src/inventory/json-mistake.ts', 'api-gateway/src/json-mistake.ts'],
  ['core-service/src/inventory/kept-digits.ts', 'api-gateway/src/kept-digits.ts'],
  ['core-service/src/pem-file.ts', 'api-gateway/src/pem-file.ts'],
  ['core-service/src/tls-files.ts', 'api-gateway/src/tls-files.ts'],
  ['core-service/src/tls-watch.ts', 'api-gateway/src/tls-watch.ts'],
  ['core-service/src/service-name.ts', 'api-gateway/src/service-name.ts'],
  ['core-service/src/otlp-endpoint.ts', 'api-gateway/src/otlp-endpoint.ts'],
  ['core-service/src/telemetry/export-watch.ts', 'api-gateway/src/export-watch.ts'],
  ['core-service/src/telemetry/export-failure.ts', 'api-gateway/src/export-failure.ts'],
  ['core-service/src/telemetry/export-items.ts', 'api-gateway/src/export-items.ts'],
  ['core-service/src/telemetry/telemetry-status.ts', 'api-gateway/src/telemetry-status.ts'],
  ['core-service/src/log-output.ts', 'api-gateway/src/log-output.ts'],
  ['core-service/src/telemetry/resource.ts', 'api-gateway/src/resource.ts'],
  ['core-service/src/version.ts', 'api-gateway/src/version.ts'],
  ['core-service/src/log-records.ts', 'api-gateway/src/log-records.ts'],
  ['core-service/src/telemetry/log-processor.ts', 'api-gateway/src/log-processor.ts'],
  ['core-service/src/heap.ts', 'api-gateway/src/heap.ts'],
  ['core-service/src/timestamp.ts', 'api-gateway/src/timestamp.ts'],
  ['core-service/src/telemetry/light-context.ts', 'api-gateway/src/spans/light-context.ts'],
])('%s is the same as %s', (one, other) => {
  expect(read(one)).toBe(read(other));
});
