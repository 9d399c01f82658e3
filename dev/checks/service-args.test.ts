/** The images are started as `start` of each package says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serviceArgs } from '../testing/service-args.ts';

const ROOT = join(import.meta.dirname, '../..');

test.each(['api-gateway', 'core-service'] as const)('the image of %s', (folder) => {
  const dockerfile = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8');
  const [, stage = ''] = dockerfile.split(`AS ${folder}\n`);
  const args = ['node', ...serviceArgs(folder)];
  const [, command = ''] = /^CMD (\[.*\])$/m.exec(stage) ?? [];
  expect(JSON.parse(command)).toEqual(args);
});
