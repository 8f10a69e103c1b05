import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that need Redis, MongoDB or a browser end in `.integration.test.ts`; all others are pure and start in milliseconds. */
const INTEGRATION = 'test/**/*.integration.test.ts';

/** These wait for servers and processes to start and end; one of them begun last would run on alone. */
const LONGEST = ['crash', 'stack', 'pipeline', 'khabar', 'replay'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.integration.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          testTimeout: 120_000, // a machine that is busy with other things takes its time
          hookTimeout: 120_000,
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 1 }, // after the pure ones, which take every core
        },
      },
    ],
  },
});
