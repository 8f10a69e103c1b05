#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './cli/program.ts';
import { ConfigError } from './shared/config.ts';
import { StageError } from './shared/errors.ts';

/** Ends the command: the first signal asks it to finish in good order, a second one ends the process at once. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
// `khabar feeds export | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const program = createProgram({
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stop.signal,
  });
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    process.exitCode = 1;
    console.error(explain(error));
  }
}

// What still holds the event loop now (a connection that will not close, a thread in a long task) is not waited for.
process.stdout.write('', () => process.exit());

/** Errors that we foresaw are told in one line; of the others a person needs to see where they came from. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof StageError) return `${error.code}: ${error.message}`;
  return error instanceof Error && error.name === 'CommandError'
    ? error.message
    : String(error instanceof Error ? error.stack : error);
}
