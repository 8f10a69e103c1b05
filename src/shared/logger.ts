import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Of lines that a slow or full output has not taken yet; beyond it lines are dropped. */
const MAX_UNWRITTEN_CHARS = 16_000_000;

/** JSON lines on standard output. Credentials and cookies never reach a log, wherever an object carries them. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: ['authorization', 'cookie', 'token', 'password', '*.authorization', '*.cookie', '*.token', '*.password'],
        censor: '[redacted]',
      },
    },
    destination ?? logOutput(),
  );
}

/**
 * Standard output, or another file descriptor, written to without waiting. An output that takes nothing (a full disk, a stuck reader) costs the
 * lines and never the service: without a listener the process would end, and on its way out try to write the rest for ever.
 */
export function logOutput(fd = 1): DestinationStream & { flushSync(): void } {
  const output = pino.destination({ fd, sync: false, maxLength: MAX_UNWRITTEN_CHARS });
  let failing = false;
  output.on('error', () => {
    failing = true;
  });
  output.on('write', () => {
    failing = false;
  });
  const flush = output.flushSync.bind(output);
  output.flushSync = () => {
    if (!failing) flush();
  };
  return output;
}
