/** Runs core's command line on the local stack's database: `node dev/local-stack/tool.ts deals list`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { useEnvFile } from './env-file.ts';

const ROOT = join(import.meta.dirname, '../..');
const COMPILED = join(ROOT, 'node_modules/.cache/node');
const CLI = join(ROOT, 'core-service/src/cli.ts');

if (!useEnvFile(join(ROOT, '.env'), process.env)) process.exit(1);

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

/** The local stack's keys verify its receipts. */
const keys = resolve(ROOT, process.env['DATA_DIR'] || '.data', 'receipt-keys.json');
const localKeys = existsSync(keys) && !process.env['RECEIPT_KEYS'] && { RECEIPT_KEYS_FILE: keys };
const asksForHelp = process.argv.some((each) => each === '--help' || each === '-h');
const DATABASE_URL = process.env['DATABASE_URL'] || (asksForHelp ? '' : localDatabaseUrl());
const { status } = spawnSync(process.execPath, [CLI, ...process.argv.slice(2)], {
  env: {
    DATABASE_POOL_SIZE: '1',
    NODE_COMPILE_CACHE: COMPILED,
    ...localKeys,
    ...process.env,
    DATABASE_URL,
  },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
