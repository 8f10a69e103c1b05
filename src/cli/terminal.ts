import type { Environment } from './session.ts';

/** All that a command may see of the process it runs in. */
export interface Terminal {
  env: Environment;
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  stderr: NodeJS.WritableStream;
  /** Aborted by Ctrl-C or SIGTERM: finish in good order. */
  signal: AbortSignal;
}

/** Resolves when the person or the supervisor wants the command to end. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
