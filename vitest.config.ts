import { defineConfig } from 'vitest/config';

/** Tests that need Redis, MongoDB or a browser end in `.integration.test.ts`; all others are pure and start in milliseconds. */
const INTEGRATION = 'test/**/*.integration.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: [INTEGRATION],
          testTimeout: 20_000,
          isolate: false, // no module keeps state that a test could see; parsers and models are loaded once per worker
        },
      },
      {
        test: {
          name: 'integration',
          include: [INTEGRATION],
          globalSetup: ['test/support/local-stack.ts'],
          setupFiles: ['test/support/each-file.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 1 }, // after the pure ones, which take every core
        },
      },
    ],
  },
});
