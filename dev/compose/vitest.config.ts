import { defineConfig } from 'vitest/config';

/** `pnpm test:compose`: the stack of compose.yml on a real engine, one stack at a time. */
export default defineConfig({
  test: {
    include: ['dev/compose/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
});
