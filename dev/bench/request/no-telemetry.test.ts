/** The stand-in for the preloads has to offer what the services import of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const namesIn = (path: string): string[] =>
  [
    ...readFileSync(join(ROOT, path), 'utf8').matchAll(
      /^ *export (?:const|async function|function) (\w+)/gm,
    ),
  ]
    .map(([, name]) => name ?? '')
    .toSorted();

test.each(['core-service/src/telemetry/preload.ts', 'api-gateway/src/telemetry.ts'])(
  'nothing of %s is missing, and nothing is left over',
  (path) => {
    const offered = namesIn(path);
    expect(offered).toContain('shutdownTelemetry');
    expect(namesIn('dev/bench/request/no-telemetry.ts')).toEqual(offered);
  },
);
