/**
 * Fails when the lockfile has a second copy of what works only as one: a span that one copy of the
 * OpenTelemetry API starts is unknown to the other, and a second loader hook patches nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SINGLE = ['@opentelemetry/api', 'import-in-the-middle'];

const lockfile = readFileSync(join(import.meta.dirname, '../../pnpm-lock.yaml'), 'utf8');

/** The lockfile has one entry for each version under `packages:`, named `name@version`. */
function versionsOf(name: string): string[] {
  const [, packages = ''] = /^packages:\n([\s\S]*?)^\S/m.exec(lockfile) ?? [];
  const entries = packages.matchAll(/^ {2}'?(@?[^@'\s]+)@([^'\s]+?)'?:/gm);
  return [...entries].flatMap(([, found, version = '']) => (found === name ? [version] : []));
}

for (const name of SINGLE) {
  const versions = versionsOf(name);
  if (versions.length === 1) continue;
  console.error(
    `${name} must be there once, not as [${versions.join(', ')}]: see npx -y pnpm@12 why -r ${name}` +
      ' and the overrides in pnpm-workspace.yaml',
  );
  process.exitCode = 1;
}
