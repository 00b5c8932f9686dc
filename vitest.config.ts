import { defineConfig } from 'vitest/config';

/** Node, no globals, two files at a time: the suites start real servers, and the machines that we promise times for have two cores. */
export default defineConfig({
  test: {
    environment: 'node',
    globals: false,
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
});
