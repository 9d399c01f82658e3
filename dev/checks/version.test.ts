/** One version stands everywhere: that of the packages, of the images, and what the gateway tells of itself. */
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SERVER_INFO } from '../../api-gateway/src/mcp/protocol.ts';
import { version } from '../../api-gateway/src/version.ts';
import { read, ROOT } from './docs.ts';

test('the packages, the images, the API and the server of MCP have one version', () => {
  const packages = globSync('{.,*}/package.json', { cwd: ROOT }).map(
    (path) => JSON.parse(read(path)) as { readonly version?: string },
  );
  const versions = packages.flatMap((each) => each.version ?? []);
  expect(versions.length).toBeGreaterThan(2);
  expect(new Set([...versions, SERVER_INFO.version])).toEqual(new Set([version]));
  const dockerfile = read('deploy/Dockerfile');
  expect(dockerfile).toContain(`\nARG VERSION=${version}\n`);
  const labels = dockerfile.match(/image\.version="\$VERSION"/g);
  const images = dockerfile.match(/image\.title=/g);
  expect(labels).toHaveLength(images?.length ?? 0);
});
