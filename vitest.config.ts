import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

const MODULE_FORMATS = pathToFileURL(
  join(import.meta.dirname, 'core-service/src/module-formats.ts'),
).href;

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // They need a container engine: `pnpm test:compose`.
    exclude: ['**/node_modules/**', 'dev/compose/**'],
    // A whole stack starts in some of them, on whatever machine this is.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What must come may take its time on a busy machine; `vi.waitFor` has no default of its own to set.
    expect: { poll: { timeout: 30_000 } },
    // Files run at a time, on however many cores: the Postgres of each takes up to 700 MB, and with more
    // of them the processes of a whole stack get too little of two cores to answer within their deadlines.
    maxWorkers: 2,
    // Many tests start processes, which load the same modules: Node keeps the compiled code for them.
    env: {
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node'),
      NODE_OPTIONS: `--import ${MODULE_FORMATS}`,
    },
    execArgv: ['--import', MODULE_FORMATS],
  },
});
