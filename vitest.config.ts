import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

const DRIZZLE_FORMAT = pathToFileURL(
  join(import.meta.dirname, 'dev/testing/drizzle-format.ts'),
).href;

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // They need a container engine: `pnpm test:compose`.
    exclude: ['**/node_modules/**', 'dev/compose/**'],
    // A whole stack starts in some of them, on whatever machine this is.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Files run at a time, on however many cores: in a file with a database or a whole stack, Postgres
    // takes up to 700 MB, and while one file waits for a timeout the others go on.
    maxWorkers: 3,
    // Many tests start processes, which load the same modules: Node keeps the compiled code for them.
    env: {
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node'),
      NODE_OPTIONS: `--import ${DRIZZLE_FORMAT}`,
    },
    execArgv: ['--import', DRIZZLE_FORMAT],
  },
});
