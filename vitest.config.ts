import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // They need a container engine: `pnpm test:compose`.
    exclude: ['**/node_modules/**', 'dev/compose/**'],
    // A whole stack starts in some of them, on whatever machine this is.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each database file brings its own Postgres of several hundred megabytes.
    maxWorkers: 2,
  },
});
