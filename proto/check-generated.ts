/** This check fails when gen/ is not what the `generate` script makes of the .proto files today. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from './package.json' with { type: 'json' };

const root = import.meta.dirname;
const fresh = mkdtempSync(join(tmpdir(), 'aura-proto-'));

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

try {
  const [, ...flags] = manifest.scripts.generate.split(' ');
  const generator = join(
    root,
    'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js',
  );
  const args = flags.map((flag) => (flag === '--outDir=gen' ? `--outDir=${fresh}` : flag));
  execFileSync(process.execPath, [generator, ...args], { cwd: root, stdio: 'inherit' });

  const expected = contents(fresh);
  const committed = contents(join(root, 'gen'));
  const names = new Set([...expected.keys(), ...committed.keys()]);
  const stale = [...names].filter((name) => expected.get(name) !== committed.get(name));
  if (stale.length > 0) {
    console.error(`proto/gen is stale (${stale.join(', ')}); run: npx -y pnpm@12 proto:generate`);
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}
