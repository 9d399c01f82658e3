import { defineConfig } from 'vitest/config';

/** `.ci/deploy`: deploy/ against the real tools, which it has put into DEPLOY_TOOLS. */
export default defineConfig({
  test: {
    include: ['dev/deploy/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
