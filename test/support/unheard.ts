import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Rejections that nobody hears from now to the end of the test; outside of tests one ends the process. Ask when the work has ended. */
export function hearUnheard(): () => Promise<unknown[]> {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  onTestFinished(() => void process.off('unhandledRejection', hear));
  return async () => {
    await turn();
    return unheard;
  };
}
