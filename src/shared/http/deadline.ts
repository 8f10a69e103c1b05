import { TransientError } from '../errors.ts';

/** One limit for everything a fetch does. */
export interface Deadline {
  /** Aborted with a TransientError: TIMEOUT, or ABORTED when the caller's own signal was. */
  signal: AbortSignal;
  /** The promise's result, or the signal's error as soon as it is aborted, whatever the promise still does. */
  race<T>(promise: Promise<T>): Promise<T>;
  clear(): void;
}

export function startDeadline(ms: number, what: string, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const stop = (code: string, message: string, cause?: unknown) =>
    controller.abort(new TransientError(code, `${what}: ${message}`, { cause }));
  const timer = setTimeout(() => stop('TIMEOUT', `not done within ${ms} ms`), ms);
  const onOuter = () => stop('ABORTED', 'given up by the caller', outer?.reason);
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });
  const { signal } = controller;
  return {
    signal,
    async race(promise) {
      let onAbort: (() => void) | undefined;
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(signal.reason);
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      });
      try {
        return await Promise.race([promise, aborted]);
      } finally {
        if (onAbort) signal.removeEventListener('abort', onAbort);
      }
    },
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuter);
    },
  };
}
