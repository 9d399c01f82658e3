/**
 * Core's command-line tools (`src/db/cli.ts`, `src/inventory/cli.ts`, …), pointed at the local stack's
 * database: `node dev/tool.ts db migrate`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

const envFile = join(ROOT, '.env');
if (existsSync(envFile)) process.loadEnvFile(envFile);

function localDatabaseUrl(): string {
  try {
    return readFileSync(
      resolve(ROOT, process.env['DATA_DIR'] || '.data', 'database-url'),
      'utf8',
    ).trim();
  } catch {
    console.error('There is no database: set DATABASE_URL, or start one with npx -y pnpm@12 start');
    return process.exit(1);
  }
}

const DATABASE_URL = process.env['DATABASE_URL'] || localDatabaseUrl();
const [tool = '', ...args] = process.argv.slice(2);
const cli = join(ROOT, 'core-service/src', tool, 'cli.ts');
const { status } = spawnSync(process.execPath, [cli, ...args], {
  env: { DATABASE_POOL_SIZE: '1', ...process.env, DATABASE_URL },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
