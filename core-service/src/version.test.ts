import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

/** Reads the version in a folder that is laid out like an image. */
function versionWith(revision: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'aura-version-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(import.meta.dirname, 'version.ts'), join(folder, 'src/version.ts'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"1.2.3"}');
  if (revision !== undefined) writeFileSync(join(folder, 'REVISION'), revision);
  const file = pathToFileURL(join(folder, 'src/version.ts')).href;
  const program = `process.stdout.write((await import('${file}')).version)`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
}

test.each([
  [undefined, '1.2.3'],
  ['', '1.2.3'],
  ['a1b2c3d\n', '1.2.3+a1b2c3d'],
  ['branch/of mine', '1.2.3+branchofmine'],
])('with the revision %j it is %s', (revision, version) => {
  expect(versionWith(revision)).toBe(version);
});
